package console

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/engine"
	"coldstart/runner/measure"
)

// Progress shows how a session goes on: on a terminal a bar below the lines of
// the finished cells, elsewhere the lines alone. It is a measure.Observer.
type Progress struct {
	console *Console
	bars    *mpb.Progress // nil where no terminal is
	bar     *mpb.Bar

	mutex   sync.Mutex // guards what the bar shows
	present string
	start   *start // the run that goes on; nil between runs
	runs    int    // of the present cell, finished
	taken   int    // of these, finished before
	probed  string // what the probe of the present cell came to, in words
}

var _ measure.Observer = (*Progress)(nil)

// Progress begins to show a session of so many runs. Stop ends it.
func (c *Console) Progress(runs int) *Progress {
	p := &Progress{console: c}
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

// Stop takes the bar away, and waits until the lines above it are out.
func (p *Progress) Stop() {
	if p.bars != nil {
		p.bar.SetTotal(p.bar.Current(), true)
		p.bars.Wait()
	}
}

func (p *Progress) show() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.start == nil {
		return p.present
	}
	return p.present + p.start.String()
}

// set shows something else, and the run that it is of; nil for none.
func (p *Progress) set(present string, of *start) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.present, p.start = present, of
}

// linef prints a line, above the bar where there is one.
func (p *Progress) linef(format string, args ...any) {
	line := fmt.Sprintf(format+"\n", args...)
	if p.bars != nil {
		fmt.Fprint(p.bars, line)
	} else {
		fmt.Fprint(p.console.Err, line)
	}
}

// CellBegins shows the cell on the bar.
func (p *Progress) CellBegins(cell result.Cell, _ int) {
	p.runs, p.taken, p.probed = 0, 0, ""
	p.set(cell.ID, nil)
}

// CellProbed keeps what there is to say for the cell's line.
func (p *Progress) CellProbed(_ result.Cell, different []table.Mismatch) {
	p.probed = "probed; " + table.Differences(len(different))
}

// RunBegins moves the bar on and shows the run there.
func (p *Progress) RunBegins(run engine.Run, expected phase.Times) {
	if p.bar != nil {
		p.bar.Increment()
	}
	p.set(fmt.Sprintf("%s on %s: %s, iteration %d", run.Set.Name, run.Node, run.Configuration.ID, run.Iteration), newStart(expected))
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
	switch {
	case run.Failed != "" && (run.Iteration > 0 || took > worthALine):
		p.linef("  %s, iteration %d failed: %s", run.Configuration, run.Iteration, run.Failed)
	case took > worthALine:
		p.linef("  %s, iteration %d: up and down again in %.1f s", run.Configuration, run.Iteration, took.Seconds())
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
	switch {
	case err != nil:
		p.linef("%-18s not measured: %v", cell.ID, err)
	case cell.Shares != "":
		p.linef("%-18s shares the runs of %s", cell.ID, cell.Shares)
	case cell.Figure == "":
		p.linef("%-18s %s", cell.ID, cmp.Or(p.probed, "as declared"))
	case p.runs == 0:
		p.linef("%-18s %s on %s", cell.ID, cell.Set, cell.Node)
	case p.taken > 0:
		p.linef("%-18s %d runs of %s on %s, %d of them finished before", cell.ID, p.runs, cell.Set, cell.Node, p.taken)
	default:
		p.linef("%-18s %d runs of %s on %s", cell.ID, p.runs, cell.Set, cell.Node)
	}
}
