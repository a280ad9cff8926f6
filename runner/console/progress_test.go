package console

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
)

// show plays a session of one cell that is measured, one that shares, one that
// fails, and one that is only looked at.
// What it does between two cells is the caller's.
func show(p *Progress, between func()) {
	set := &result.Set{Name: "breakdown"}
	measured := result.Cell{ID: "figure2-n1", Figure: "2", Node: "n1", Set: "breakdown"}
	p.CellBegins(measured, 2)
	for iteration := range 2 {
		p.RunBegins(engine.Run{Set: set, Configuration: &result.Configuration{ID: "llama3-3b"}, Node: "n1", Iteration: iteration}, phase.Times{})
		p.RunEnds(result.Run{Iteration: iteration, Configuration: "llama3-3b", Failed: "it fell over"})
	}
	between()
	p.CellEnds(measured, nil)
	between()
	p.CellEnds(result.Cell{ID: "figure4-n1", Figure: "4", Shares: "figure3-n1"}, nil)
	p.CellBegins(result.Cell{ID: "figure7-n2", Figure: "7"}, 0)
	p.CellEnds(result.Cell{ID: "figure7-n2", Figure: "7"}, errors.New("never recorded"))
	p.CellEnds(result.Cell{ID: "hardware-n1", Node: "n1"}, nil)
	probed := result.Cell{ID: "hardware-n2", Node: "n2"}
	p.CellBegins(probed, 0)
	p.CellProbed(probed, make([]hardware.Mismatch, 3))
	p.CellEnds(probed, nil)
}

var shown = []string{
	"  llama3-3b, iteration 1 failed: it fell over\n",
	"figure2-n1         2 runs of breakdown on n1\n",
	"figure4-n1         shares the runs of figure3-n1\n",
	"figure7-n2         not measured: never recorded\n",
	"hardware-n1        as declared\n",
	"hardware-n2        probed; 3 facts differ from what is declared\n",
}

// The sides of a comparison count their runs each for itself.
func TestProgressOfSides(t *testing.T) {
	var told bytes.Buffer
	p := New(&bytes.Buffer{}, &told).Progress(4, nil)
	a, b := p.Side("A"), p.Side("B")
	cell := result.Cell{ID: "figure2-n1", Figure: "2", Node: "n1", Set: "breakdown"}
	a.CellBegins(cell, 2)
	b.CellBegins(cell, 2)
	for _, side := range []*Progress{a, b, a} {
		side.RunBegins(engine.Run{Set: &result.Set{Name: "breakdown"}, Configuration: &result.Configuration{ID: "llama3-3b"}, Node: "n1"}, phase.Times{})
		side.RunEnds(result.Run{Configuration: "llama3-3b"})
	}
	a.CellEnds(cell, nil)
	b.CellEnds(cell, errors.New("numpy was upgraded"))
	p.Stop()
	const want = "A: figure2-n1      2 runs of breakdown on n1\n" +
		"B: figure2-n1      1 run of breakdown on n1, then stopped: numpy was upgraded\n"
	if got := told.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A run that nobody recorded is not among those of a replay: the next one counts in its place.
func TestProgressLeavesOutWhatWasNotRecorded(t *testing.T) {
	onTerminal(t, func(tty *os.File, _ *screen) {
		c := New(&bytes.Buffer{}, tty)
		c.live = true
		p := c.Progress(2, nil)
		for _, recorded := range []bool{false, true, false, true} {
			p.RunBegins(engine.Run{Set: &result.Set{}, Configuration: &result.Configuration{}}, phase.Times{})
			if recorded {
				p.RunEnds(result.Run{})
			}
		}
		if shown := p.bar.bar.Current(); shown != 2 || p.pace.begun != 2 {
			t.Errorf("the bar is at run %d and the pace at %d, want 2", shown, p.pace.begun)
		}
		p.Stop()
	})
}

// Runs begin while the bar is drawn, many times over: neither waits for the other without end.
func TestProgressBeginsRunsWhileTheBarIsDrawn(t *testing.T) {
	onTerminal(t, func(tty *os.File, _ *screen) {
		const runs = 300_000
		c := New(&bytes.Buffer{}, tty)
		c.live = true
		p := c.Progress(runs, nil)
		for range runs {
			p.RunBegins(engine.Run{Set: &result.Set{}, Configuration: &result.Configuration{}}, phase.Times{})
			p.RunEnds(result.Run{})
		}
		p.Stop()
	})
}

func TestProgressInAPipe(t *testing.T) {
	var err bytes.Buffer
	synctest.Test(t, func(*testing.T) { // in which no run takes long
		p := New(&bytes.Buffer{}, &err).Progress(2, nil)
		show(p, func() {})
		p.Stop()
	})
	if got, want := err.String(), strings.Join(shown, ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Whatever the bar does, no line is lost to it: neither before it is drawn for
// the first time, nor between two drawings.
func TestProgressOnATerminalKeepsEveryLine(t *testing.T) {
	for _, drawn := range []time.Duration{0, 300 * time.Millisecond} {
		screen := onTerminal(t, func(tty *os.File, _ *screen) {
			c := New(&bytes.Buffer{}, tty)
			c.live = true
			p := c.Progress(2, nil)
			show(p, func() { time.Sleep(drawn) })
			p.Stop()
		})
		for _, line := range shown {
			if !strings.Contains(screen, strings.TrimSpace(line)) {
				t.Fatalf("%q is lost in\n%q", line, screen)
			}
		}
	}
}

// screen is all that a terminal has shown.
type screen struct {
	mutex sync.Mutex
	text  []byte
}

func (s *screen) Write(text []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.text = append(s.text, text...)
	return len(text), nil
}

func (s *screen) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return string(s.text)
}

// await waits until all parts have been shown.
func (s *screen) await(t *testing.T, parts ...string) {
	t.Helper()
	lacks := func(part string) bool { return !strings.Contains(s.String(), part) }
	for begun := time.Now(); slices.ContainsFunc(parts, lacks); time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("one of %q is not on\n%q", parts, s)
		}
	}
}

// onTerminal is what a program shows on a terminal of its own.
func onTerminal(t *testing.T, program func(tty *os.File, shown *screen)) string {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	defer master.Close()
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	shown, ended := new(screen), make(chan struct{})
	go func() {
		defer close(ended)
		io.Copy(shown, master) // ends with an error once the terminal is closed
	}()
	program(tty, shown)
	tty.Close()
	<-ended
	return shown.String()
}
