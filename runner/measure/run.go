package measure

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"strconv"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/ledger"
)

// run makes one run, unless the session has finished it before. A start-up that
// fails is kept as a run that does not count, and tried again.
func (c *cellSession) run(ctx context.Context, run engine.Run) error {
	page, err := c.page(run)
	if err != nil {
		return err
	}
	tried, up, err := c.take(page, run)
	if err != nil || up {
		return err
	}
	for try := tried + 1; ; try++ {
		up, err := c.start(ctx, run, page, try)
		if err != nil || up || try-tried >= c.Tries {
			return err
		}
	}
}

// take takes in what the session has finished of a run. Failures were tries.
func (c *cellSession) take(page *ledger.Page, run engine.Run) (tried int, up bool, err error) {
	if page == nil {
		return 0, false, nil
	}
	entries, err := page.Entries(run.Iteration)
	if err != nil {
		return 0, false, err
	}
	for i := range entries {
		e := &entries[i]
		file, name, err := c.writer.Log(run.Iteration, logName(run, i+1))
		if err == nil {
			err = errors.Join(file.Close(), e.CopyLog(file.Name()))
		}
		if err != nil {
			return 0, false, err
		}
		e.Run.Log = name
		if err := c.add(e.Run, e.Usage); err != nil {
			return 0, false, err
		}
		c.Observer.RunTaken(e.Run)
		up = up || e.Run.Failed == ""
	}
	return len(entries), up, nil
}

// start starts the engine once.
func (c *cellSession) start(ctx context.Context, run engine.Run, page *ledger.Page, try int) (up bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	c.Observer.RunBegins(run, c.expected(run))
	file, name, err := c.writer.Log(run.Iteration, logName(run, try))
	if err != nil {
		return false, err
	}
	log := &keeper{file: file}
	started, stopped := c.Engine.Start(ctx, run, io.MultiWriter(log, phase.NewFollower(c.Observer.PhaseEnds)))
	if err := errors.Join(log.err, file.Close(), ctx.Err()); err != nil {
		return false, err
	}
	var unfit *engine.UnfitError
	switch isUnfit := errors.As(stopped, &unfit); {
	case errors.Is(stopped, engine.ErrNoLog):
		return true, errors.Join(os.Remove(file.Name()), c.keepUsage(run.Iteration, started.CPUUsage))
	case isUnfit && log.written == 0:
		return false, errors.Join(os.Remove(file.Name()), unfit)
	}
	kept, err := read(file.Name(), name, run)
	if err != nil {
		return false, err
	}
	kept.Warnings, kept.Around = append(kept.Warnings, started.Warnings...), started.Around
	kept.Failed = cmp.Or(kept.Failed, started.Failed)
	if stopped != nil {
		kept.Failed = stopped.Error()
	}
	if page != nil {
		if err := page.Keep(kept, started.CPUUsage, try, file.Name()); err != nil {
			return false, err
		}
	}
	if err := c.add(kept, started.CPUUsage); err != nil {
		return false, err
	}
	c.Observer.RunEnds(kept)
	if unfit != nil {
		return false, unfit
	}
	return kept.Failed == "", nil
}

// add adds a run to the cell, and what was sampled beside it.
func (c *cellSession) add(run result.Run, usage *result.CPUUsage) error {
	c.writer.Result.Runs = append(c.writer.Result.Runs, run)
	if run.Failed != "" {
		return nil
	}
	return c.keepUsage(run.Iteration, usage)
}

// keepUsage keeps the samples of a counted run.
func (c *cellSession) keepUsage(iteration int, usage *result.CPUUsage) error {
	if usage == nil || iteration == 0 {
		return nil
	}
	return c.writer.CPUUsage(usage)
}

// logName is the configuration's, with the number of a further try, so that the
// log of the failure before it is kept.
func logName(run engine.Run, try int) string {
	if try == 1 {
		return run.Configuration.ID
	}
	return run.Configuration.ID + ".try" + strconv.Itoa(try)
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
	file    io.Writer
	written int
	err     error
}

func (k *keeper) Write(p []byte) (int, error) {
	n, err := k.file.Write(p)
	k.written += n
	if k.err == nil {
		k.err = err
	}
	return n, err
}
