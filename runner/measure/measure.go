// Package measure starts an engine again and again, and keeps each start-up log with the
// phases read from it.
//
//	engine prints → measure keeps → phase reads → result holds → …
//
// It knows one machine and one engine. The protocol is the paper's: iteration 0
// warms the caches up and is not counted, iterations 1 … n follow, each a pass
// over all configurations in order, one start at a time. If the page cache was dropped
// since the start before, a start counts as a warm-up: it is kept, but made again.
package measure

import (
	"context"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
)

// Observer is called as a session goes on.
type Observer interface {
	CellBegins(cell result.Cell, runs int)
	// RunBegins has the expected times of the phases, as far as they are known.
	RunBegins(run engine.Run, expected phase.Times)
	// PhaseEnds has the name of a phase that the run has finished.
	PhaseEnds(name string)
	RunEnds(run result.Run)
	// RunTaken has a run that the session finished before.
	RunTaken(run result.Run)
	// CellProbed has the differences between this machine and the declared node.
	CellProbed(cell result.Cell, different []hardware.Mismatch)
	// CellEnds has why runs are missing; err is nil if none are, and if the cell shares
	// another's runs.
	CellEnds(cell result.Cell, err error)
}

// Session measures the cells of a plan.
type Session struct {
	Plan      *result.Plan
	Engine    engine.Engine
	Directory *result.Directory
	Observer  Observer
	Attempt   int // of a workflow's run; 0 outside one
	// Probe tells what the machine is that the cells' nodes stand for; every cell keeps
	// it. It is nil if this machine need not be the node, as when a laptop replays.
	Probe func(context.Context) *hardware.Probe
	// Facts are the models of a set of which this machine's files state facts that the plan
	// does not. It may be nil.
	Facts func(*result.Set) ([]result.Model, error)
	// Machine is the one that the engine starts on; nil for a replay, which starts
	// nothing now.
	Machine *Machine
}

// All measures every cell in order. A cell that cannot be measured is kept with the reason,
// and the others are measured; incomplete tells that there was one. An error ends the
// session: an interruption, or a full disk. Finished cells are kept, and the finished runs
// of an interrupted one.
func (s *Session) All(ctx context.Context) (incomplete bool, err error) {
	for _, cell := range s.Plan.Cells {
		if cell.Shares != "" {
			s.Observer.CellEnds(cell, nil)
			continue
		}
		reason, err := s.Cell(ctx, cell)
		if err != nil {
			return incomplete, err
		}
		incomplete = incomplete || reason != nil
	}
	return incomplete, nil
}

// Cell measures one cell. reason says why it could not be measured, which is kept with it;
// err ends the session.
func (s *Session) Cell(ctx context.Context, cell result.Cell) (reason, err error) {
	c := s.begin(ctx, cell)
	for due := c.due(); len(due) > 0; due = c.due() {
		c.pass(ctx, due)
	}
	return c.end()
}
