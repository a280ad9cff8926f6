package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/runner/engine"
)

// cellSession is the measurement of one cell, pass by pass: the warm-up, then the
// counted iterations, each over the configurations that are due.
type cellSession struct {
	*Session
	cell      result.Cell
	writer    *result.CellWriter
	set       *result.Set       // nil where nothing is measured but what the machine is
	iteration int               // of the next pass
	filled    map[string]string // by configuration: the page cache's life in which it came up last
	failures  map[string]int    // by configuration: its starts in this session that did not come up
	reason    error             // why the cell cannot be measured, or not to its end
	err       error             // ends the session
}

// begin looks at the machine and whether the engine can measure the cell at all.
func (s *Session) begin(ctx context.Context, cell result.Cell) *cellSession {
	c := &cellSession{
		Session: s, cell: cell, writer: s.Directory.Cell(cell), set: s.Plan.Set(cell.Set),
		filled: map[string]string{}, failures: map[string]int{},
	}
	c.writer.Result.Attempt = s.Attempt
	if s.Machine != nil {
		c.writer.Result.Program = Program()
	}
	c.Observer.CellBegins(cell, c.Plan.Runs(cell))
	c.probe(ctx)
	c.err = ctx.Err() // of a probe that was cut short nothing is kept
	if c.err == nil && c.set != nil {
		c.reason = c.Engine.Check(c.set, cell.Node)
	}
	if c.Facts != nil && !c.over() {
		c.writer.Result.Models, c.reason = c.Facts(c.set)
	}
	return c
}

// over tells whether there cannot be another pass.
func (c *cellSession) over() bool { return c.set == nil || c.reason != nil || c.err != nil }

// pass makes the next pass, over the configurations of these ids.
func (c *cellSession) pass(ctx context.Context, due []string) {
	for i := range c.set.Configurations {
		configuration := &c.set.Configurations[i]
		if !slices.Contains(due, configuration.ID) {
			continue
		}
		err := c.run(ctx, engine.Run{
			Set: c.set, Configuration: configuration, Node: c.cell.Node, GPU: cmp.Or(configuration.GPU, c.cell.GPU), Iteration: c.iteration,
		})
		var unfit *engine.UnfitError
		if errors.As(err, &unfit) {
			c.reason = err
			return
		}
		if c.err = err; err != nil {
			return
		}
	}
	c.iteration++
}

// hopeless tells that a configuration is not started any more. A resumed session starts it
// again: somebody may have repaired it.
func (c *cellSession) hopeless(configuration string) bool {
	_, up := c.filled[configuration]
	return !up && c.Machine != nil && c.failures[configuration] >= mostFailures
}

// end keeps the cell, with the reason if it could not be measured to its end. An error that
// ends the session leaves what was kept so far.
func (c *cellSession) end() (reason, err error) {
	err = c.err
	if err == nil {
		err = c.write(c.reason)
	}
	if err != nil {
		return nil, fmt.Errorf("cell %s: %w", c.cell.ID, err)
	}
	c.Observer.CellEnds(c.cell, c.reason)
	return c.reason, nil
}

// errUnfinished is why a cell has no more runs than it has so far.
var errUnfinished = errors.New("interrupted, or not done yet")

// keepSoFar keeps the cell with the runs that are finished, since this machine may go down
// before the next one. A replay can simply begin anew.
func (c *cellSession) keepSoFar() error {
	if c.Machine == nil {
		return nil
	}
	return c.write(errUnfinished)
}

// write writes the cell. reason is why runs are missing; nil if none are.
func (c *cellSession) write(reason error) error {
	c.writer.Result.Error = ""
	if reason != nil {
		c.writer.Result.Error = c.told(reason)
	}
	c.writer.Result.Finished = c.finished()
	return c.writer.Write()
}

// due are the ids of the configurations that the next pass measures: all up to the planned
// number of iterations, then those that the plan's rule does not stop. Those that never
// come up are left out.
func (c *cellSession) due() (due []string) {
	if c.over() {
		return nil
	}
	planned, most := c.set.CountedIterations(c.Plan.Iterations), c.set.CountedIterations(c.Plan.MostIterations())
	for _, configuration := range c.set.Configurations {
		if c.hopeless(configuration.ID) {
			continue
		}
		if c.iteration <= planned || c.iteration <= most && !c.stops(configuration.ID) {
			due = append(due, configuration.ID)
		}
	}
	return due
}

// stops tells whether the plan's rule stops measuring a configuration of this side alone. It
// stops one that never came up.
func (c *cellSession) stops(configuration string) bool {
	return c.Plan.Stop.Within > 0 &&
		len(stat.Unsettled(c.writer.Result.Counted(configuration), c.Plan.Stop.Within)) == 0
}

// probe keeps what this machine is, as it is before the first run.
func (c *cellSession) probe(ctx context.Context) {
	if c.Probe == nil {
		return
	}
	found := hardware.Node{Name: c.cell.Node, Probed: c.Probe(ctx)}
	if node := c.Plan.Node(c.cell.Node); node != nil {
		found.Declared = node.Declared
	}
	c.writer.Result.Probed = found.Probed
	c.Observer.CellProbed(c.cell, found.Mismatches())
}

// open finds what a run is started from, keeps its environment with the cell, and opens the
// page of such runs that the session has finished.
func (c *cellSession) open(a *attempt) (err error) {
	if a.origin, err = c.Engine.Origin(a.Run); err != nil {
		return &engine.UnfitError{Err: err}
	}
	if a.origin.Environment != nil {
		a.environment = c.writer.Result.KeepEnvironment(a.origin.Environment)
	}
	if c.Machine != nil {
		a.page, err = c.Machine.Ledger.page(identityOf(c.Plan.Session, c.Plan.Engine, a.Run, *a.origin))
	}
	return err
}

// expected is how long the phases of a run took last time: in this cell, or else
// elsewhere.
func (c *cellSession) expected(run engine.Run) phase.Times {
	for i := len(c.writer.Result.Runs) - 1; i >= 0; i-- {
		if r := &c.writer.Result.Runs[i]; r.Configuration == run.Configuration.ID && r.Failed == "" {
			return r.Seconds
		}
	}
	if c.Machine == nil {
		return phase.Times{}
	}
	return c.Machine.Expect(run)
}
