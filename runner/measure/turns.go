package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"coldstart/reports/compare"
	"coldstart/reports/result"
)

// Interleaved measures one cell in two sessions on this machine, pass by pass in turn:
// A, B, then B, A, then A, B, so that drift affects both alike. What is due in one is measured
// in both, and neither goes on without the other. If the plans have the rule Slower, a
// configuration is measured until its comparison is settled. The results are those of Cell for
// each.
func Interleaved(ctx context.Context, a, b *Session, cell result.Cell) (reason, err error) {
	t := turns{a.begin(ctx, cell), b.begin(ctx, cell)}
	for due := t.due(); len(due) > 0 && !t.over(); due = t.due() {
		for _, side := range t.order() {
			if !t.over() {
				side.pass(ctx, due)
			}
		}
	}
	if err := errors.Join(t[0].err, t[1].err); err != nil {
		return nil, fmt.Errorf("cell %s: %w", cell.ID, err)
	}
	var reasons, errs []error
	for _, side := range t {
		reason, err := side.end()
		reasons, errs = append(reasons, reason), append(errs, err)
	}
	return errors.Join(reasons...), errors.Join(errs...)
}

// turns are two sides that measure a cell in turns.
type turns [2]*cellSession

// order is A first in every other turn: a machine that gets steadily slower would make the
// side slower that is always second.
func (t turns) order() turns {
	if i := t[0].iteration; i > 0 && i%2 == 0 {
		return turns{t[1], t[0]}
	}
	return t
}

// over tells whether there cannot be another turn.
func (t turns) over() bool { return t[0].over() || t[1].over() }

// due are the ids of the configurations that are due on one side or both, come up on both,
// and are not settled.
func (t turns) due() (due []string) {
	for _, side := range t {
		due = append(due, side.due()...)
	}
	settled := t.settled()
	return slices.DeleteFunc(due, func(id string) bool {
		return slices.Contains(settled, id) ||
			slices.ContainsFunc(t[:], func(side *cellSession) bool { return side.hopeless(id) })
	})
}

// settled are the ids of the configurations that the rule Slower stops.
func (t turns) settled() []string {
	a, b := t[0], t[1]
	if t.over() || a.Plan.Stop == nil || a.Plan.Stop.Slower == 0 ||
		a.iteration <= a.set.CountedIterations(a.Plan.Iterations) {
		return nil
	}
	return compare.Settled(a.soFar(), b.soFar(), a.Plan.Stop.Slower)
}

// soFar are the results of the turns that were made, as of now.
func (c *cellSession) soFar() *result.Results {
	cell := c.writer.Result
	cell.Finished = c.finished()
	return &result.Results{Plan: *c.Plan, Cells: map[string]*result.CellResult{c.cell.ID: &cell}}
}
