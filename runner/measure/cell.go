package measure

import (
	"context"
	"errors"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/table"
	"coldstart/runner/engine"
	"coldstart/runner/ledger"
)

// cellSession is the measurement of one cell.
type cellSession struct {
	*Session
	cell   result.Cell
	writer *result.CellWriter
}

func (c *cellSession) measure(ctx context.Context) (reason, err error) {
	c.Observer.CellBegins(c.cell, CellRuns(c.Plan, c.cell))
	c.probe(ctx)
	if c.cell.Figure == "" {
		return nil, ctx.Err() // of a probe that was cut short nothing is kept
	}
	set := c.Plan.Set(c.cell.Set)
	if err := c.Engine.Check(set, c.cell.Node); err != nil {
		return err, nil
	}
	var unfit *engine.UnfitError
	if err := c.passes(ctx, set); errors.As(err, &unfit) {
		return err, nil
	} else if err != nil {
		return nil, err
	}
	return nil, nil
}

// passes measures the set: the warm-up, then the counted iterations, each a pass
// over the configurations that are due.
func (c *cellSession) passes(ctx context.Context, set *result.Set) error {
	for iteration := 0; ; iteration++ {
		due := c.due(set, iteration)
		if len(due) == 0 {
			return nil
		}
		for _, configuration := range due {
			run := engine.Run{Set: set, Configuration: configuration, Node: c.cell.Node, GPU: c.cell.GPU, Iteration: iteration}
			if err := c.run(ctx, run); err != nil {
				return err
			}
		}
	}
}

// due are the configurations that an iteration measures: all of them up to the
// planned number, and from there on those that the plan's rule does not stop.
func (c *cellSession) due(set *result.Set, iteration int) (due []*result.Configuration) {
	planned := set.CountedIterations(c.Plan.Iterations)
	for i := range set.Configurations {
		configuration := &set.Configurations[i]
		if iteration <= planned || iteration <= set.CountedIterations(c.Plan.MostIterations()) && !c.stops(configuration) {
			due = append(due, configuration)
		}
	}
	return due
}

// stops tells whether the plan's rule stops measuring a configuration.
func (c *cellSession) stops(configuration *result.Configuration) bool {
	runs := c.writer.Result.Counted(configuration.ID)
	return len(runs) > 0 && len(stat.Unsettled(runs, c.Plan.Stop.Within)) == 0
}

// probe keeps what this machine is, as it is before the first run.
func (c *cellSession) probe(ctx context.Context) {
	if c.Probe == nil {
		return
	}
	probed := c.Probe(ctx)
	c.writer.Result.Probed = probed
	found := table.HardwareColumn{Node: c.cell.Node}
	if node := c.Plan.Node(c.cell.Node); node != nil {
		found.Declared = &node.Declared
	}
	hardware := probed.Hardware()
	found.Probed = &hardware
	c.Observer.CellProbed(c.cell, table.Mismatches([]table.HardwareColumn{found}))
}

// origin is what a run is started from, of which the cell keeps the environment.
func (c *cellSession) origin(run engine.Run) (*engine.Origin, error) {
	origin, err := c.Engine.Origin(run)
	if err != nil {
		return nil, &engine.UnfitError{Err: err}
	}
	if origin.Environment != nil {
		c.writer.Result.KeepEnvironment(origin.Environment)
	}
	return origin, nil
}

// page opens what the session has finished of runs of an origin; nil where the
// engine does not measure now.
func (c *cellSession) page(run engine.Run, origin *engine.Origin) (*ledger.Page, error) {
	if c.Ledger == nil {
		return nil, nil
	}
	return c.Ledger.Page(ledger.NewIdentity(c.Plan.Session, c.Plan.Engine, run, *origin))
}

// expected is how long the phases of a run took last time: in this cell, or else
// elsewhere.
func (c *cellSession) expected(run engine.Run) phase.Times {
	for i := len(c.writer.Result.Runs) - 1; i >= 0; i-- {
		if r := &c.writer.Result.Runs[i]; r.Configuration == run.Configuration.ID && r.Failed == "" {
			return r.Seconds
		}
	}
	if c.Expect != nil {
		return c.Expect(run)
	}
	return phase.Times{}
}
