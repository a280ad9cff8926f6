package measure

import (
	"coldstart/reports/result"
	"coldstart/runner/engine"
)

// Unobserved is an Observer that looks away.
type Unobserved struct{}

// CellBegins does nothing.
func (Unobserved) CellBegins(result.Cell, int) {}

// RunBegins does nothing.
func (Unobserved) RunBegins(engine.Run) {}

// RunEnds does nothing.
func (Unobserved) RunEnds(result.Run) {}

// CellEnds does nothing.
func (Unobserved) CellEnds(result.Cell, error) {}
