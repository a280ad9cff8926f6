package console

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/engine"
)

// show plays a session of one cell that is measured, one that shares, one that
// fails, and one that is only looked at.
func show(p *Progress) {
	set := &result.Set{Name: "breakdown"}
	measured := result.Cell{ID: "figure2-n1", Figure: "2", Node: "n1", Set: "breakdown"}
	p.CellBegins(measured, 2)
	for iteration := range 2 {
		p.RunBegins(engine.Run{Set: set, Configuration: &result.Configuration{ID: "llama3-3b"}, Node: "n1", Iteration: iteration})
		p.RunEnds(result.Run{Iteration: iteration, Configuration: "llama3-3b", Failed: "it fell over"})
	}
	p.CellEnds(measured, nil)
	p.CellEnds(result.Cell{ID: "figure4-n1", Figure: "4", Shares: "figure3-n1"}, nil)
	p.CellEnds(result.Cell{ID: "figure7-n2", Figure: "7"}, errors.New("never recorded"))
	p.CellEnds(result.Cell{ID: "hardware-n1", Node: "n1"}, nil)
}

var shown = []string{
	"  llama3-3b, iteration 1 failed: it fell over\n",
	"figure2-n1         2 runs of breakdown on n1\n",
	"figure4-n1         shares the runs of figure3-n1\n",
	"figure7-n2         not measured: never recorded\n",
	"hardware-n1        as declared\n",
}

func TestProgressInAPipe(t *testing.T) {
	var err bytes.Buffer
	p := New(&bytes.Buffer{}, &err).Progress(2)
	show(p)
	p.Stop()
	if got, want := err.String(), strings.Join(shown, ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Whatever the bar does, no line is lost to it.
func TestProgressOnATerminalKeepsEveryLine(t *testing.T) {
	for range 20 {
		var err bytes.Buffer
		c := New(&bytes.Buffer{}, &err)
		c.live = true
		p := c.Progress(2)
		show(p)
		p.Stop()
		for _, line := range shown {
			if !strings.Contains(err.String(), line) {
				t.Fatalf("%q is lost in\n%q", line, err.String())
			}
		}
	}
}
