package console

import (
	"cmp"
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8/decor"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/engine"
	"coldstart/runner/measure"
)

// Progress shows how a session proceeds: on a terminal as a bar below the lines of the
// finished jobs, elsewhere as those lines alone.
type Progress struct {
	*display
	side    string // of a comparison; empty outside one
	planned int    // runs of the present cell, at most if a rule stops measuring
	runs    int    // of these, finished
	taken   int    // of these, finished before
	probed  string // what the probe of the present cell found, in words
}

// display is the bar, and the lines above it.
type display struct {
	console *Console
	bar     *bar

	mutex   sync.Mutex // guards what the bar shows
	pace    pace
	counted bool   // the latest run, which has not ended; one that was not recorded never ends
	place   string // of the present cell
	start   *start // the latest run; nil before the first one of a cell
}

var _ measure.Observer = (*Progress)(nil)

// Progress begins to show a session of n runs, at most if a rule may stop it. Stop ends it.
func (c *Console) Progress(n int, rule *result.Stop) *Progress {
	d := &display{console: c, pace: pace{runs: n, most: rule != nil}}
	d.bar = c.bar(int64(n), decor.CountersNoUnit("run %d of %d"), d.words)
	return &Progress{display: d}
}

// Side shows a session that is one side of a comparison, on the same bar.
func (p *Progress) Side(name string) *Progress {
	return &Progress{display: p.display, side: name}
}

// called is a name, preceded by the side it is on.
func (p *Progress) called(name string) string {
	if p.side == "" {
		return name
	}
	return p.side + ": " + name
}

// Stop removes the bar.
func (d *display) Stop() { d.bar.stop() }

// words are those beside the bar, from all that is known to the time left.
func (d *display) words(int64) []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.start == nil {
		return []string{d.place}
	}
	return d.start.words(d.place, d.pace.words(time.Now()))
}

// linef prints a line, above the bar where there is one.
func (d *display) linef(format string, args ...any) {
	if d.bar == nil {
		d.console.Notef(format, args...)
		return
	}
	fmt.Fprintf(printable{d.bar.bars}, format+"\n", args...)
}

// CellBegins shows the cell on the bar.
func (p *Progress) CellBegins(cell result.Cell, runs int) {
	p.planned, p.runs, p.taken, p.probed = runs, 0, 0, ""
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.place, p.start = p.called(cell.ID), nil
}

// CellProbed keeps the number of differences for the cell's line.
func (p *Progress) CellProbed(_ result.Cell, different []hardware.Mismatch) {
	p.probed = "probed; " + hardware.Differences(len(different))
}

// RunBegins advances the bar and shows the run there. A run in place of one that was not
// recorded counts as that one.
func (p *Progress) RunBegins(run engine.Run, expected phase.Times) {
	if p.begin(run, expected) {
		p.bar.increment() // outside the mutex, which the bar takes for its words
	}
}

// begin shows the run, and tells whether it adds to those that are counted.
func (p *Progress) begin(run engine.Run, expected phase.Times) (adds bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	now := time.Now()
	if adds = !p.counted; adds {
		p.pace.begin(now)
	}
	p.counted = true
	p.place = p.called(run.Set.Name) + " on " + run.Node
	p.start = &start{configuration: run.Configuration.ID, iteration: run.Iteration, begun: now, expected: expected}
	return adds
}

// PhaseEnds shows on the bar how far the run has come.
func (p *Progress) PhaseEnds(what string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.start != nil {
		p.start.reached = what
	}
}

// RunEnds counts the run. A run gets a line if it failed after the warm-up, or if it
// took long.
func (p *Progress) RunEnds(run result.Run) {
	p.runs++
	p.mutex.Lock()
	p.counted = false
	took := p.start.elapsed()
	p.mutex.Unlock()
	switch configuration := p.called(run.Configuration); {
	case run.Failed != "" && (run.Iteration > 0 || took > worthALine):
		p.linef("  %s, iteration %d failed: %s", configuration, run.Iteration, run.Failed)
	case took > worthALine:
		p.linef("  %s, iteration %d: started and stopped in %.1f s", configuration, run.Iteration, took.Seconds())
	}
	if took > worthALine {
		for _, w := range run.Warnings {
			p.linef("    %s", w)
		}
	}
}

// RunTaken counts a run that was finished before.
func (p *Progress) RunTaken(result.Run) {
	p.bar.increment()
	p.mutex.Lock()
	p.pace.runs--
	p.mutex.Unlock()
	p.runs++
	p.taken++
}

// CellEnds prints the cell's line. Runs that it did not make take no time.
func (p *Progress) CellEnds(cell result.Cell, err error) {
	p.mutex.Lock()
	p.pace.runs -= p.planned - p.runs
	p.mutex.Unlock()
	var what string
	switch {
	case err != nil && p.runs > 0:
		what = fmt.Sprintf("%s, then stopped: %v", p.runsOf(cell), err)
	case err != nil:
		what = fmt.Sprintf("not measured: %v", err)
	case cell.Shares != "":
		what = "shares the runs of " + cell.Shares
	case cell.Figure == "":
		what = cmp.Or(p.probed, "as declared")
	case p.runs == 0:
		what = fmt.Sprintf("%s on %s", cell.Set, cell.Node)
	case p.taken > 0:
		what = fmt.Sprintf("%s, %d of them finished before", p.runsOf(cell), p.taken)
	default:
		what = p.runsOf(cell)
	}
	p.linef("%-18s %s", p.called(cell.ID), what)
}

func (p *Progress) runsOf(cell result.Cell) string {
	return fmt.Sprintf("%s of %s on %s", table.Count(p.runs, "run"), cell.Set, cell.Node)
}
