// Package engine is what a measurement starts: something that prints a start-up
// log. vLLM is one; the replay of the paper's recorded runs is another.
//
//	engine prints → measure keeps → phase reads → result holds → …
package engine

import (
	"context"
	"errors"
	"io"

	"coldstart/reports/result"
)

// Run is one start that is asked of an engine.
type Run struct {
	Set           *result.Set
	Configuration *result.Configuration
	Node          string
	GPU           *int
	Iteration     int // 0 is the warm-up
}

// ErrNoLog says that of a run only the samples of the cores are to be had.
var ErrNoLog = errors.New("no start-up log was recorded")

// An Engine starts and prints its log.
type Engine interface {
	// Check tells whether the engine can measure a set on a node at all, before
	// the first run of it.
	Check(set *result.Set, node string) error
	// Start starts the engine once and writes its log, until it is up and has
	// shut down again, or has failed. An engine that fails is no error: its log
	// tells. ErrNoLog and a failed write are. Warnings say what about the run is
	// not as it was asked for.
	Start(ctx context.Context, run Run, log io.Writer) (warnings []string, err error)
	// CPUUsage is how busy the cores were during the last Start of a set that
	// samples them; nil where that is not known.
	CPUUsage(run Run) *result.CPUUsage
}
