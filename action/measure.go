package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/engine"
	prober "coldstart/runner/hardware"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
)

// runMeasure measures one cell of the plan, or all. A cell that could not be measured is
// still written, with the reason, and fails the job.
func runMeasure(ctx context.Context, in inputs) error {
	id, err := in.cell()
	if err != nil {
		return err
	}
	from, err := in.from()
	if err != nil {
		return err
	}
	planned, err := in.plan(from)
	if err != nil {
		return err
	}
	cells, err := in.cellsOf(planned, id)
	if err != nil {
		return err
	}
	out := in.out(cmp.Or(id, "cells"))
	in.gha.SetOutput("artifact", artifactOf(id, in.attempt()))
	in.gha.SetOutput("path", out)
	var reasons []error
	for _, cell := range cells {
		reason, err := in.measure(ctx, planned, cell, out)
		if err != nil {
			return err
		}
		reasons = append(reasons, reason)
	}
	reason := errors.Join(reasons...)
	in.gha.SetOutput("complete", strconv.FormatBool(reason == nil))
	return reason
}

// cellsOf are the cells of a plan to measure: the one with an id, or without one all that
// share no other's runs.
func (in inputs) cellsOf(planned *result.Plan, id string) ([]result.Cell, error) {
	if nodes := nodesOf(planned); id == "" && len(nodes) > 1 {
		return nil, in.errorf("cell", "name a cell: the plan measures on %s, and this job runs on one of them", strings.Join(nodes, ", "))
	}
	if id == "" {
		return slices.DeleteFunc(slices.Clone(planned.Cells), func(c result.Cell) bool { return c.Shares != "" }), nil
	}
	cell := planned.Cell(id)
	if cell == nil {
		return nil, in.errorf("cell", "the plan has no cell %q", id)
	}
	return []result.Cell{*cell}, nil
}

// nodesOf are the nodes that a plan measures on.
func nodesOf(planned *result.Plan) (nodes []string) {
	for _, cell := range planned.Cells {
		if !slices.Contains(nodes, cell.Node) {
			nodes = append(nodes, cell.Node)
		}
	}
	return nodes
}

// artifactOf names the artifact of a cell, or of all.
func artifactOf(id string, attempt int) string {
	if id == "" {
		return artifactName("cells", attempt)
	}
	return result.CellArtifact(id, attempt)
}

// measure measures a cell, on both sides if the plan has two.
func (in inputs) measure(ctx context.Context, p *result.Plan, cell result.Cell, out string) (reason, err error) {
	if p.Against != nil {
		return in.measureSides(ctx, p, cell, out)
	}
	directory, err := result.Extend(out, p)
	if err != nil {
		return nil, err
	}
	session, release, err := in.begin(ctx, p, cell)
	if err != nil {
		return nil, err
	}
	defer release()
	session.Directory = directory
	return session.Cell(ctx, cell)
}

// plan reads the plan, as the report's job does.
func (in inputs) plan(from string) (*result.Plan, error) {
	if in.text("plan-sha256") == "" {
		return result.ReadPlan(from)
	}
	results, err := in.results(from)
	if err != nil {
		return nil, err
	}
	return &results.Plan, nil
}

// begin sets up the environments of a cell, and begins to measure it. Runs that the session
// has finished on this node, in other jobs or an earlier attempt, are not made again.
func (in inputs) begin(ctx context.Context, p *result.Plan, cell result.Cell) (*measure.Session, func(), error) {
	opened, err := lab.Open(in.text("matrix"))
	if err == nil {
		err = opened.CheckPlan(p)
	}
	if err != nil {
		return nil, nil, err
	}
	node, err := opened.Node(cell.Node)
	if err != nil {
		return nil, nil, err
	}
	host := &lab.Host{}
	if err := in.setUp(ctx, host, node, p, cell); err != nil {
		return nil, nil, err
	}
	session, release, err := host.Begin(node, p)
	if err != nil {
		return nil, nil, err
	}
	session.Attempt, session.Observer = in.attempt(), &groups{gha: in.gha}
	if session.Probe == nil { // the runner's machine is the cell's node, also for a replay
		session.Probe = func(ctx context.Context) *hardware.Probe { return prober.Probe(ctx, prober.Options{}) }
	}
	return session, release, nil
}

// setUp sets up the environments of a cell.
func (in inputs) setUp(ctx context.Context, host *lab.Host, node *lab.Node, p *result.Plan, cell result.Cell) error {
	in.gha.Group("environments")
	defer in.gha.EndGroup()
	return host.SetUp(ctx, node, p, p.Set(cell.Set), func(line string) { in.gha.Infof("%s", oneLine(line)) })
}

// groups shows a measurement in the job's log: one group per iteration, and side.
type groups struct {
	gha  *githubactions.Action
	open string // title of the open group; empty if none is
}

// side shows one of two sides, such as "base", in the groups of both.
type side struct {
	*groups
	name string
}

// RunBegins opens a group where an iteration of the side begins.
func (s side) RunBegins(run engine.Run, _ phase.Times) { s.begin(s.name+": ", run.Iteration) }

// CellBegins prints the size of the cell.
func (g *groups) CellBegins(cell result.Cell, runs int) {
	g.gha.Infof("cell %s: %s on %s", cell.ID, table.Count(runs, "run"), cell.Node)
}

// CellProbed prints how the machine differs from its declaration. Only the hardware cell
// gets a warning: one annotation per node is enough.
func (g *groups) CellProbed(cell result.Cell, different []hardware.Mismatch) {
	g.gha.Infof("probed: %s", hardware.Differences(len(different)))
	for _, m := range different {
		if cell.Figure == "" {
			g.gha.Warningf("%s", oneLine(m.String()))
		} else {
			g.gha.Infof("%s", oneLine(m.String()))
		}
	}
}

// RunBegins opens a group where an iteration begins.
func (g *groups) RunBegins(run engine.Run, _ phase.Times) { g.begin("", run.Iteration) }

func (g *groups) begin(of string, iteration int) {
	title := of + "iteration " + strconv.Itoa(iteration)
	if iteration == 0 {
		title += ", the warm-up"
	}
	if g.open == title {
		return
	}
	g.close()
	g.gha.Group(title)
	g.open = title
}

// PhaseEnds prints nothing: nobody watches a job's log phase by phase.
func (g *groups) PhaseEnds(string) {}

// RunTaken prints which run is not made again.
func (g *groups) RunTaken(run result.Run) {
	g.gha.Infof("%s, iteration %d: finished before in this session", run.Configuration, run.Iteration)
}

// RunEnds prints a run's total, or why it does not count.
func (g *groups) RunEnds(run result.Run) {
	if run.Failed != "" {
		g.gha.Infof("%s: %s", run.Configuration, oneLine(run.Failed))
		return
	}
	g.gha.Infof("%s: %s", run.Configuration, seconds(run))
}

// seconds is how long a start-up took: until it was ready, or by the longest phase that its
// log has.
func seconds(run result.Run) string {
	if run.TimeToReady > 0 {
		return inSeconds(run.TimeToReady)
	}
	for _, p := range []phase.Phase{phase.ActualTotalTime, phase.InitializeEngine, phase.InitEngine} {
		if seconds, ok := run.Seconds.Get(p); ok {
			return inSeconds(seconds)
		}
	}
	return "up"
}

func inSeconds(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 2, 64) + " s" }

// CellEnds closes the last group.
func (g *groups) CellEnds(result.Cell, error) { g.close() }

func (g *groups) close() {
	if g.open != "" {
		g.gha.EndGroup()
	}
	g.open = ""
}
