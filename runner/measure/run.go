package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
)

// attempt is a run that is made, or found finished.
type attempt struct {
	engine.Run
	origin      *engine.Origin
	environment int   // of origin, as result.Run has it
	page        *page // nil in a replay
}

// run makes one run, unless the session has finished it before. A start-up that
// fails is kept as a run that does not count, and tried again.
func (c *cellSession) run(ctx context.Context, run engine.Run) error {
	a := attempt{Run: run}
	var err error
	if err = c.open(&a); err != nil {
		return err
	}
	tried, up, err := c.take(a)
	if err != nil || up {
		return err
	}
	for try := tried + 1; ; try++ {
		up, err := c.try(ctx, a, try)
		if err != nil || up || try-tried >= c.tries() || c.hopeless(run.Configuration.ID) {
			return err
		}
	}
}

// take adds what the session has finished of a run before. Failures were tries.
func (c *cellSession) take(a attempt) (tried int, up bool, err error) {
	if a.page == nil {
		return 0, false, nil
	}
	entries, err := a.page.entries(a.Iteration)
	if err != nil {
		return 0, false, err
	}
	for i := range entries {
		e := &entries[i]
		file, name, err := c.writer.Log(a.Iteration, logName(a.Run, i+1))
		if err == nil {
			err = errors.Join(file.Close(), e.shareLog(file.Name()))
		}
		if err != nil {
			return 0, false, err
		}
		e.Run.Log = name
		if err := c.add(*e, a.environment); err != nil {
			return 0, false, err
		}
		c.Observer.RunTaken(e.Run)
		up = up || e.Run.Failed == ""
	}
	return len(entries), up, nil
}

// try starts the engine once, and keeps the run.
func (c *cellSession) try(ctx context.Context, a attempt, try int) (up bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	c.Observer.RunBegins(a.Run, c.expected(a.Run))
	file, name, err := c.writer.Log(a.Iteration, logName(a.Run, try))
	if err != nil {
		return false, err
	}
	log := &keeper{file: file}
	started, stopped := c.Engine.Start(ctx, a.Run, io.MultiWriter(log, phase.NewFollower(c.Observer.PhaseEnds)))
	if err := errors.Join(log.err, file.Close(), ctx.Err()); err != nil {
		return false, err
	}
	if errors.Is(stopped, errLongLog) {
		stopped = errLongLog // once, however often the engine met it
	}
	var unfit *engine.UnfitError
	switch isUnfit := errors.As(stopped, &unfit); {
	case errors.Is(stopped, engine.ErrNoLog):
		return true, errors.Join(os.Remove(file.Name()), c.keepUsage(a.Iteration, started.CPUUsage))
	case isUnfit && log.written == 0: // nothing was started
		return false, errors.Join(os.Remove(file.Name()), unfit)
	}
	kept, err := c.keep(a, try, file.Name(), name, started, stopped)
	if err != nil {
		return false, err
	}
	c.Observer.RunEnds(kept)
	if unfit != nil {
		return false, unfit
	}
	return kept.Failed == "", nil
}

// keep keeps a run by its log at a path, which is name below the cell: in the
// ledger first, where it outlives this process and serves other cells, and then with
// the cell.
func (c *cellSession) keep(
	a attempt, try int, path, name string, started engine.Started, stopped error,
) (result.Run, error) {
	log, err := read(path, name)
	if err != nil {
		return result.Run{}, err
	}
	log.Measure(started.Moments.Measured())
	kept := result.NewRun(a.Iteration, a.Configuration.ID, log)
	life := c.pageCache()
	c.complete(&kept, a, life, started, stopped)
	finished := entry{Run: kept, Setup: log.Setup, Usage: started.CPUUsage, PageCache: life}
	if a.page != nil {
		if err := a.page.keep(finished, try, path); err != nil {
			return kept, err
		}
	}
	if err := c.add(finished, a.environment); err != nil {
		return kept, err
	}
	return kept, c.keepSoFar()
}

// complete adds to a run what its log does not tell: warnings, and why it does not
// count.
func (c *cellSession) complete(run *result.Run, a attempt, life string, started engine.Started, stopped error) {
	run.StandIn, run.Around, run.Moments = a.origin.StandIn, started.Around, started.Moments
	run.Warnings = append(run.Warnings, started.Warnings...)
	run.Failed = cmp.Or(run.Failed, started.Failed)
	if stopped != nil {
		run.Failed = c.told(stopped)
	}
	if !run.Seconds.CameUp() {
		c.failures[run.Configuration]++
	}
	switch {
	case started.Refused:
		c.failures[run.Configuration] = mostFailures
		run.Warnings = append(run.Warnings, fmt.Sprintf("%s: the engine refuses the arguments of %s, which was not started again",
			run.Log, run.Configuration))
	case c.hopeless(run.Configuration):
		run.Warnings = append(run.Warnings, fmt.Sprintf("%s: %s did not come up in %d starts, and was not started again",
			run.Log, run.Configuration, mostFailures))
	}
	run.Failed = cmp.Or(run.Failed, c.cold(a.Run, life))
	if !a.Set.DropPageCache {
		run.Warnings = append(run.Warnings, readAgain(run)...)
	}
}

// cold is why a run did not find the caches that an earlier one filled, and so does not
// count. It is empty if the run found them, is the warm-up, or is a replay. life is that of
// the page cache after it.
func (c *cellSession) cold(run engine.Run, life string) string {
	filled, up := c.filled[run.Configuration.ID]
	switch {
	case c.Machine == nil, run.Iteration == 0:
		return ""
	case !up:
		return "no earlier start came up, so this one was the warm-up"
	case run.Set.DropPageCache, filled == "", life == "", filled == life:
		return ""
	}
	return "the page cache was dropped or this machine was booted since the start before, so this one was a warm-up"
}

// readAgain warns of a run that read half of its weights or more from the drives: if the
// models of a pass need more than the memory, each start finds that the others have pushed
// its model out of the page cache.
func readAgain(run *result.Run) (warnings []string) {
	if !run.Counts() || run.Around == nil || run.Around.ReadGiB == nil || run.WeightsGiB == 0 {
		return nil
	}
	read := *run.Around.ReadGiB
	if read < run.WeightsGiB/2 {
		return nil
	}
	return []string{fmt.Sprintf("%s: %.1f GiB were read from the drives during this start, and its weights are %.1f GiB: "+
		"they may not have been in memory", run.Log, read, run.WeightsGiB)}
}

// add adds a run to the cell, with the number of its environment there, and its samples.
func (c *cellSession) add(finished entry, environment int) error {
	run := finished.Run
	run.Environment, run.Setup = environment, c.writer.Result.KeepSetup(&finished.Setup)
	c.writer.Result.Runs = append(c.writer.Result.Runs, run)
	if run.Seconds.CameUp() {
		c.filled[run.Configuration] = finished.PageCache
	}
	if run.Failed != "" {
		return nil
	}
	return c.keepUsage(run.Iteration, finished.Usage)
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

// read reads the log that was kept at path. name is its name below the cell, so that
// results do not tell the directory that they were measured in.
func read(path, name string) (phase.Log, error) {
	file, err := os.Open(path)
	if err != nil {
		return phase.Log{}, err
	}
	defer file.Close()
	return phase.Read(file, name)
}

// longestLog is the most that is kept of a start-up's output, bytes: some hundred times the
// paper's longest log.
const longestLog = 256 << 20

// errLongLog ends a start-up that prints more.
var errLongLog = fmt.Errorf("the engine printed more than %d MB, and was ended", longestLog>>20)

// keeper writes a log up to longestLog and remembers the first error of writing, which is
// the disk's and not the engine's.
type keeper struct {
	file    io.Writer
	written int
	err     error
}

func (k *keeper) Write(p []byte) (int, error) {
	if k.written+len(p) > longestLog {
		return 0, errLongLog
	}
	n, err := k.file.Write(p)
	k.written += n
	if k.err == nil {
		k.err = err
	}
	return n, err
}
