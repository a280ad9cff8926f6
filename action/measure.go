package main

import (
	"context"
	"strconv"

	"github.com/sethvargo/go-githubactions"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	prober "coldstart/runner/hardware"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
	"coldstart/runner/plan"
)

// runMeasure measures one cell of the plan. A cell that could not be measured is still
// written, with the reason, and fails the job.
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
	if err := plan.CheckSets(planned); err != nil {
		return err
	}
	cell := planned.Cell(id)
	if cell == nil {
		return in.errorf("cell", "the plan has no cell %q", id)
	}
	out := in.out(id)
	in.gha.SetOutput("artifact", result.CellArtifact(id, in.attempt()))
	in.gha.SetOutput("path", out)
	directory, err := result.Extend(out, planned)
	if err != nil {
		return err
	}
	session, release, err := in.begin(ctx, planned, *cell)
	if err != nil {
		return err
	}
	defer release()
	session.Directory = directory
	reason, err := session.Cell(ctx, *cell)
	if err != nil {
		return err
	}
	in.gha.SetOutput("complete", strconv.FormatBool(reason == nil))
	return reason
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
	if err != nil {
		return nil, nil, err
	}
	node, err := opened.Node(cell.Node)
	if err != nil {
		return nil, nil, err
	}
	host := &lab.Host{}
	in.gha.Group("environments")
	progress := func(line string) { in.gha.Infof("%s", oneLine(line)) }
	err = host.SetUp(ctx, node, p, p.Set(cell.Set), progress)
	in.gha.EndGroup()
	if err != nil {
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

// groups shows a measurement in the job's log: one group per iteration.
type groups struct {
	gha       *githubactions.Action
	iteration int
	open      bool
}

// CellBegins prints the size of the cell.
func (g *groups) CellBegins(cell result.Cell, runs int) {
	g.gha.Infof("cell %s: %d runs on %s", cell.ID, runs, cell.Node)
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
func (g *groups) RunBegins(run engine.Run, _ phase.Times) {
	if g.open && g.iteration == run.Iteration {
		return
	}
	g.close()
	title := "iteration " + strconv.Itoa(run.Iteration)
	if run.Iteration == 0 {
		title += ", the warm-up"
	}
	g.gha.Group(title)
	g.iteration, g.open = run.Iteration, true
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
	if g.open {
		g.gha.EndGroup()
	}
	g.open = false
}
