package console

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/measure"
)

// Progress shows how a session goes on: on a terminal a bar below the lines of
// the finished cells, elsewhere the lines alone. It is a measure.Observer.
type Progress struct {
	*display
	side   string // of a comparison; empty outside one
	runs   int    // of the present cell, finished
	taken  int    // of these, finished before
	probed string // what the probe of the present cell came to, in words
}

// display is the bar, and the lines above it.
type display struct {
	console *Console
	bars    *mpb.Progress // nil where no terminal is
	bar     *mpb.Bar

	mutex   sync.Mutex // guards what the bar shows
	present string
	start   *start // the run that goes on; nil between runs
}

var _ measure.Observer = (*Progress)(nil)

// Progress begins to show a session of so many runs. Stop ends it.
func (c *Console) Progress(runs int) *Progress {
	p := &Progress{display: &display{console: c}}
	if c.live {
		p.bars = mpb.New(mpb.WithOutput(c.Err), mpb.WithAutoRefresh())
		// A bar that is added without a total is complete only when it is told so:
		// with it mpb stops drawing, and drops lines that come later.
		p.bar = p.bars.AddBar(0, mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.CountersNoUnit("run %d of %d")),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.show() })))
		p.bar.SetTotal(int64(runs), false)
	}
	return p
}

// Side shows a session that is one side of a comparison, on the same bar.
func (p *Progress) Side(name string) *Progress {
	return &Progress{display: p.display, side: name}
}

// called is a name with the side that it is on.
func (p *Progress) called(name string) string {
	if p.side == "" {
		return name
	}
	return p.side + ": " + name
}

// Stop takes the bar away, and waits until the lines above it are out.
func (d *display) Stop() {
	if d.bars != nil {
		d.bar.SetTotal(d.bar.Current(), true)
		d.bars.Wait()
	}
}

func (d *display) show() string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.start == nil {
		return d.present
	}
	return d.present + d.start.String()
}

// set shows something else, and the run that it is of; nil for none.
func (d *display) set(present string, of *start) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.present, d.start = present, of
}

// linef prints a line, above the bar where there is one.
func (d *display) linef(format string, args ...any) {
	line := fmt.Sprintf(format+"\n", args...)
	if d.bars != nil {
		fmt.Fprint(d.bars, line)
	} else {
		fmt.Fprint(d.console.Err, line)
	}
}

// CellBegins shows the cell on the bar.
func (p *Progress) CellBegins(cell result.Cell, _ int) {
	p.runs, p.taken, p.probed = 0, 0, ""
	p.set(p.called(cell.ID), nil)
}

// CellProbed keeps what there is to say for the cell's line.
func (p *Progress) CellProbed(_ result.Cell, different []hardware.Mismatch) {
	p.probed = "probed; " + hardware.Differences(len(different))
}

// RunBegins moves the bar on and shows the run there.
func (p *Progress) RunBegins(run engine.Run, expected phase.Times) {
	if p.bar != nil {
		p.bar.Increment()
	}
	p.set(fmt.Sprintf("%s on %s: %s, iteration %d", p.called(run.Set.Name), run.Node, run.Configuration.ID, run.Iteration), newStart(expected))
}

// PhaseEnds shows on the bar how far the run is.
func (p *Progress) PhaseEnds(what string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.start != nil {
		p.start.reached = what
	}
}

// RunEnds counts the run. A counted run that failed gets a line, and so does one
// that somebody has waited for.
func (p *Progress) RunEnds(run result.Run) {
	p.runs++
	p.mutex.Lock()
	took := p.start.elapsed()
	p.mutex.Unlock()
	switch configuration := p.called(run.Configuration); {
	case run.Failed != "" && (run.Iteration > 0 || took > worthALine):
		p.linef("  %s, iteration %d failed: %s", configuration, run.Iteration, run.Failed)
	case took > worthALine:
		p.linef("  %s, iteration %d: up and down again in %.1f s", configuration, run.Iteration, took.Seconds())
	}
	for _, w := range run.Warnings {
		if took > worthALine {
			p.linef("    %s", w)
		}
	}
}

// RunTaken counts a run that was finished before.
func (p *Progress) RunTaken(result.Run) {
	if p.bar != nil {
		p.bar.Increment()
	}
	p.runs++
	p.taken++
}

// CellEnds prints the cell's line.
func (p *Progress) CellEnds(cell result.Cell, err error) {
	var what string
	switch {
	case err != nil && p.runs > 0:
		what = fmt.Sprintf("%s, and no more: %v", p.runsOf(cell), err)
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
	runs := "1 run"
	if p.runs != 1 {
		runs = fmt.Sprintf("%d runs", p.runs)
	}
	return fmt.Sprintf("%s of %s on %s", runs, cell.Set, cell.Node)
}
