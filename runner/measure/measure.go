// Package measure makes an engine start, again and again, and keeps each
// start-up log with what it tells.
//
//	engine prints → measure keeps → phase reads → result holds → …
//
// It knows one machine and one engine. The protocol is the paper's: iteration 0
// warms the caches up and is not counted, iterations 1 … n follow, each a pass
// over all configurations in order, one start at a time.
package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/engine"
)

// Observer is told how a session goes on.
type Observer interface {
	CellBegins(cell result.Cell, runs int)
	RunBegins(run engine.Run)
	RunEnds(run result.Run)
	// CellProbed is told what differs from the declared of the machine that a cell
	// is measured on, where the session probes.
	CellProbed(cell result.Cell, different []table.Mismatch)
	// CellEnds is told of every cell: err says why it has no runs, nil that it was
	// measured, or shares another's runs.
	CellEnds(cell result.Cell, err error)
}

// Session measures the cells of a plan.
type Session struct {
	Plan      *result.Plan
	Engine    engine.Engine
	Directory *result.Directory
	Observer  Observer
	Tries     int              // at a run whose start-up fails; 0 is as good as 1
	Keep      bool             // finished runs at once, so that an interrupted cell can go on
	Resume    bool             // go on where the session was interrupted
	Attempt   int              // of a workflow's run; 0 outside one
	Clock     func() time.Time // nil where the engine does not measure now
	// Probe tells what this machine is; it is kept with every cell. It is nil where
	// this machine need not be the cells' node.
	Probe func(context.Context) *result.Probe
}

// All measures every cell in order. A cell that cannot be measured is kept with
// the reason and costs no other cell; incomplete tells that there was one. The
// error is one that ends the session: interruption, or a disk that takes no
// more. Cells finished before are kept.
func (s *Session) All(ctx context.Context) (incomplete bool, err error) {
	for _, cell := range s.Plan.Cells {
		if cell.Shares != "" {
			s.Observer.CellEnds(cell, nil)
			continue
		}
		if s.Resume && s.Directory.Finished(cell) != nil {
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

// Cell measures one cell. reason says why it could not be measured, which is
// kept with it; err is what ends a session.
func (s *Session) Cell(ctx context.Context, cell result.Cell) (reason, err error) {
	c := &cellSession{Session: s, cell: cell, writer: s.Directory.Cell(cell)}
	c.writer.Result.Attempt = s.Attempt
	if reason, err = c.measure(ctx); err != nil {
		return nil, fmt.Errorf("cell %s: %w", cell.ID, err)
	}
	if reason != nil {
		c.writer.Result.Error = reason.Error()
	}
	if s.Clock != nil {
		c.writer.Result.Finished = s.Clock().UTC().Truncate(time.Second)
	}
	if err := c.writer.Finish(); err != nil {
		return nil, fmt.Errorf("cell %s: %w", cell.ID, err)
	}
	s.Observer.CellEnds(cell, reason)
	return reason, nil
}

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
	iterations := set.CountedIterations(c.Plan.Iterations)
	if err := c.Engine.Check(set, c.cell.Node); err != nil {
		return err, nil
	}
	if err := c.takeKept(); err != nil {
		return nil, err
	}
	for iteration := range 1 + iterations {
		for i := range set.Configurations {
			if c.has(iteration, set.Configurations[i].ID) && !set.SampleCPU { // whose samples would lack
				continue
			}
			run := engine.Run{Set: set, Configuration: &set.Configurations[i], Node: c.cell.Node, GPU: c.cell.GPU, Iteration: iteration}
			if err := c.run(ctx, run); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// takeKept takes in the runs that were finished before an interruption. Those that
// failed are made again.
func (c *cellSession) takeKept() error {
	if !c.Resume {
		return nil
	}
	kept, err := c.writer.Kept()
	c.writer.Result.Runs = kept
	return err
}

// has tells whether a run is there already.
func (c *cellSession) has(iteration int, configuration string) bool {
	return slices.ContainsFunc(c.writer.Result.Runs, func(r result.Run) bool {
		return r.Iteration == iteration && r.Configuration == configuration && r.Failed == ""
	})
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

// run starts the engine, and again where that fails, as often as the session
// tries. A start-up that fails is kept as a run that does not count.
func (c *cellSession) run(ctx context.Context, run engine.Run) error {
	for try := 1; ; try++ {
		failed, err := c.start(ctx, run, try)
		if err != nil || !failed || try >= c.Tries {
			return err
		}
	}
}

// start starts the engine once.
func (c *cellSession) start(ctx context.Context, run engine.Run, try int) (failed bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	c.Observer.RunBegins(run)
	file, name, err := c.writer.Log(run.Iteration, logName(run, try))
	if err != nil {
		return false, err
	}
	log := &keeper{file: file}
	warnings, started := c.Engine.Start(ctx, run, log)
	if err := errors.Join(log.err, file.Close(), ctx.Err()); err != nil {
		return false, err
	}
	if run.Set.SampleCPU && run.Iteration > 0 {
		if err := c.keepUsage(run); err != nil {
			return false, err
		}
	}
	if errors.Is(started, engine.ErrNoLog) {
		return false, os.Remove(file.Name())
	}
	kept, err := read(file.Name(), name, run)
	if err != nil {
		return false, err
	}
	kept.Warnings = append(kept.Warnings, warnings...)
	if started != nil {
		kept.Failed = started.Error()
	}
	if c.Keep {
		if err := c.writer.Keep(kept); err != nil {
			return false, err
		}
	}
	c.writer.Result.Runs = append(c.writer.Result.Runs, kept)
	c.Observer.RunEnds(kept)
	return kept.Failed != "", nil
}

// logName is the configuration's, with the number of a further try, so that the
// log of the failure before it is kept.
func logName(run engine.Run, try int) string {
	if try == 1 {
		return run.Configuration.ID
	}
	return run.Configuration.ID + ".try" + strconv.Itoa(try)
}

func (c *cellSession) keepUsage(run engine.Run) error {
	if usage := c.Engine.CPUUsage(run); usage != nil {
		return c.writer.CPUUsage(usage)
	}
	return nil
}

// read reads the log that was kept at path, and calls it by its name below the
// cell, so that results do not tell where they were measured.
func read(path, name string, run engine.Run) (result.Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return result.Run{}, err
	}
	defer file.Close()
	log, err := phase.Read(file, name)
	if err != nil {
		return result.Run{}, err
	}
	return result.NewRun(run.Iteration, run.Configuration.ID, log), nil
}

// keeper writes a log and remembers the first error of writing, which is the
// disk's and not the engine's.
type keeper struct {
	file io.Writer
	err  error
}

func (k *keeper) Write(p []byte) (int, error) {
	n, err := k.file.Write(p)
	if k.err == nil {
		k.err = err
	}
	return n, err
}

// Runs is how many starts of the engine a plan's cells need, warm-ups included.
func Runs(plan *result.Plan) (runs int) {
	for _, cell := range plan.Cells {
		runs += CellRuns(plan, cell)
	}
	return runs
}

// CellRuns is how many starts one cell needs: none where it shares another's.
func CellRuns(plan *result.Plan, cell result.Cell) int {
	set := plan.Set(cell.Set)
	if set == nil || cell.Shares != "" {
		return 0
	}
	return set.Runs(plan.Iterations)
}
