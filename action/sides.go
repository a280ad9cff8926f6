package main

import (
	"context"
	"path/filepath"

	"coldstart/reports/result"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
)

// sideNames are the folders of both sides in the artifact of a cell, base and head.
var sideNames = [2]string{"A", "B"}

// measureSides measures a cell in turns on both sides of a change. Both are taken from the
// repository that is checked out here, never from the plan.
func (in inputs) measureSides(ctx context.Context, p *result.Plan, cell result.Cell, out string) (reason, err error) {
	base := in.text("base")
	if base == "" {
		return nil, in.errorf("base", "the plan has two sides: give the commit of its base, the output of command plan")
	}
	opened, err := lab.OpenSides(ctx, in.text("matrix"), base)
	if err == nil {
		err = opened.Check(p)
	}
	if err != nil {
		return nil, in.blame(err)
	}
	host, plans := &lab.Host{}, [2]*result.Plan{p.Alone(), p.Against}
	var nodes [2]*lab.Node
	var directories [2]*result.Directory
	for i, side := range []*lab.Lab{opened.Base, opened.Head} {
		if directories[i], err = result.Extend(filepath.Join(out, sideNames[i]), plans[i]); err != nil {
			return nil, err
		}
		if nodes[i], err = side.Node(cell.Node); err != nil {
			return nil, err
		}
		if err := in.setUp(ctx, host, nodes[i], plans[i], cell); err != nil {
			return in.keepReason(ctx, host, directories[i].Cell(cell), err)
		}
	}
	sessions, release, err := host.BeginTurns(nodes, p)
	if err != nil {
		return nil, err
	}
	defer release()
	shown := &groups{gha: in.gha}
	for i, name := range []string{"base", "head"} {
		sessions[i].Directory, sessions[i].Attempt, sessions[i].Observer = directories[i], in.attempt(), side{shown, name}
	}
	return measure.Interleaved(ctx, sessions[0], sessions[1], cell)
}

// keepReason keeps with a cell why its environments could not be set up. An interruption
// keeps nothing.
func (in inputs) keepReason(ctx context.Context, host *lab.Host, w *result.CellWriter, why error) (reason, err error) {
	if ctx.Err() != nil {
		return nil, why
	}
	w.Result.Attempt, w.Result.Error = in.attempt(), host.Hide(why.Error())
	return why, w.Write()
}
