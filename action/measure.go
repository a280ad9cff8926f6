package main

import (
	"context"
	"strconv"

	"github.com/sethvargo/go-githubactions"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/engine"
	"coldstart/runner/hardware"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
)

// runMeasure measures one cell of the plan. A cell that could not be measured is
// written all the same, with the reason, and fails the job.
func runMeasure(ctx context.Context, in inputs) error {
	id, err := in.cell()
	if err != nil {
		return err
	}
	from, err := in.from()
	if err != nil {
		return err
	}
	plan, err := result.ReadPlan(from)
	if err != nil {
		return err
	}
	cell := plan.Cell(id)
	if cell == nil {
		return in.errorf("cell", "the plan has no cell %q", id)
	}
	out := in.out(id)
	in.gha.SetOutput("artifact", artifactName("cell-"+id, in.attempt()))
	in.gha.SetOutput("path", out)
	directory, err := result.Extend(out, plan)
	if err != nil {
		return err
	}
	started, err := (&lab.Measuring{}).NewEngine(plan, in.text("matrix"))
	if err != nil {
		return err
	}
	session := &measure.Session{
		Plan: plan, Engine: started, Directory: directory, Attempt: in.attempt(),
		Observer: &groups{gha: in.gha}, Clock: lab.Clock(plan), Probe: probe,
	}
	reason, err := session.Cell(ctx, *cell)
	if err != nil {
		return err
	}
	in.gha.SetOutput("complete", strconv.FormatBool(reason == nil))
	return reason
}

// probe looks at the runner's machine, which is the cell's node: the job asks for
// a runner with that name.
func probe(ctx context.Context) *result.Probe { return hardware.Probe(ctx, hardware.Options{}) }

// groups shows a measurement in the job's log: a group an iteration.
type groups struct {
	gha       *githubactions.Action
	iteration int
	open      bool
}

// CellBegins says what is coming.
func (g *groups) CellBegins(cell result.Cell, runs int) {
	g.gha.Infof("cell %s: %d runs on %s", cell.ID, runs, cell.Node)
}

// CellProbed says how the machine differs from its declaration. On the hardware's
// own cell it warns, since one annotation is enough for a node.
func (g *groups) CellProbed(cell result.Cell, different []table.Mismatch) {
	g.gha.Infof("probed: %s", table.Differences(len(different)))
	for _, m := range different {
		if cell.Figure == "" {
			g.gha.Warningf("%s", oneLine(m.String()))
		} else {
			g.gha.Infof("%s", oneLine(m.String()))
		}
	}
}

// RunBegins opens a group where an iteration begins.
func (g *groups) RunBegins(run engine.Run) {
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

// RunEnds prints a run's total, or why it does not count.
func (g *groups) RunEnds(run result.Run) {
	if run.Failed != "" {
		g.gha.Infof("%s: %s", run.Configuration, oneLine(run.Failed))
		return
	}
	g.gha.Infof("%s: %s", run.Configuration, seconds(run))
}

// seconds is how long a start-up took, by the widest of what its log tells.
func seconds(run result.Run) string {
	for _, p := range []phase.Phase{phase.ActualTotalTime, phase.InitializeEngine, phase.InitEngine} {
		if seconds, ok := run.Seconds.Get(p); ok {
			return strconv.FormatFloat(seconds, 'f', 2, 64) + " s"
		}
	}
	return "up"
}

// CellEnds closes the last group.
func (g *groups) CellEnds(result.Cell, error) { g.close() }

func (g *groups) close() {
	if g.open {
		g.gha.EndGroup()
	}
	g.open = false
}
