package main

import (
	"context"
	"path/filepath"

	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
)

// compareNow measures a cell in the plan's environment and in the other one, in
// turn, and compares the two.
func (o *measureOptions) compareNow(ctx context.Context, out *console.Console, plan *result.Plan, cell result.Cell) error {
	if !lab.Measures(plan) || cell.Figure == "" {
		return usagef("--against is of a measurement: name a figure, and an engine that measures")
	}
	a, release, err := o.Begin(plan, o.Matrix)
	if err != nil {
		return err
	}
	defer release()
	b, err := o.otherSide(out, plan)
	if err != nil {
		return err
	}
	sides := map[string]*measure.Session{"A": a, "B": b}
	for name, side := range sides {
		if side.Directory, err = result.Create(o.side(name), side.Plan); err != nil {
			return err
		}
	}
	progress := watch(out, a, 2*measure.CellRuns(plan, cell))
	a.Observer, b.Observer = progress.Side("A"), progress.Side("B")
	reason, err := measure.Interleaved(ctx, a, b, cell)
	progress.Stop()
	if err != nil {
		return interrupted(err, plan, o.side("A"))
	}
	if reason != nil {
		return reason
	}
	comparison := &compareOptions{labFlags: o.labFlags}
	return comparison.run(out, []string{o.side("A"), o.side("B")})
}

// otherSide is a session of the same cell in the other environment. It is named
// after A's, so that one name goes on with both.
func (o *measureOptions) otherSide(out *console.Console, a *result.Plan) (*measure.Session, error) {
	other := *o
	other.Environment = o.against
	plan, _, err := other.cell(out)
	if err != nil {
		return nil, err
	}
	plan.Session, plan.Date = a.Session+"-b", a.Date
	return other.Session(plan, o.Matrix)
}

// side is the directory of one side's results.
func (o *measureOptions) side(name string) string { return filepath.Join(o.out, name) }
