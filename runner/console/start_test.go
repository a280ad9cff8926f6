package console

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// The words beside the bar tell the next phase, as far as an earlier run of the same kind
// lets it.
func TestStartPhase(t *testing.T) {
	var expected phase.Times
	expected.Set(phase.LoadWeights, 2.35)
	expected.Set(phase.GraphCapturing, 4)
	expected.Set(phase.ActualTotalTime, 34)
	tests := []struct {
		name     string
		expected phase.Times
		reached  string
		want     string
	}{
		{"nothing known", phase.Times{}, "", "yi-6b: 12 s"},
		{"only what it has behind it", phase.Times{}, "load_weights", "yi-6b: after load_weights, 12 s"},
		{"at first", expected, "", "yi-6b: load_weights, 12 of about 34 s"},
		{"on the way", expected, "load_weights", "yi-6b: graph_capturing, 12 of about 34 s"},
		{"after a phase that was not expected", expected, "dynamo_transform_time", "yi-6b: graph_capturing, 12 of about 34 s"},
		{"at last", expected, "graph_capturing", "yi-6b: after graph_capturing, 12 of about 34 s"},
		{"behind all", expected, "init_engine", "yi-6b: after init_engine, 12 of about 34 s"},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			s := &start{configuration: "yi-6b", begun: time.Now(), expected: test.expected, reached: test.reached}
			time.Sleep(12 * time.Second)
			if got := s.words("models on n1", "")[2]; got != test.want {
				t.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
		})
	}
}

// However narrow the terminal, the time left and the phase are shown, as far as a bar
// leaves room.
func TestFitting(t *testing.T) {
	var expected phase.Times
	expected.Set(phase.GraphCapturing, 4)
	expected.Set(phase.ActualTotalTime, 34)
	var words []string
	synctest.Test(t, func(*testing.T) {
		s := &start{configuration: "llama3-3b", iteration: 4, begun: time.Now(), expected: expected}
		time.Sleep(12 * time.Second)
		words = s.words("breakdown on n1", "75 min left")
	})
	for width, want := range map[int]string{
		110: "75 min left · breakdown on n1: llama3-3b, iteration 4: graph_capturing, 12 of about 34 s",
		90:  "75 min left · llama3-3b, iteration 4: graph_capturing, 12 of about 34 s",
		80:  "75 min left · llama3-3b: graph_capturing, 12 of about 34 s",
		66:  "75 min left · graph_capturing, 12 of about 34 s",
		46:  "75 min left · graph_capturing",
		30:  "75 min left · graph_c…",
		16:  "75 min …",
		1:   "…",
	} {
		if got := fitting(words, width); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
}

// Ten runs that take half a minute each leave less time with each that begins, and none
// less than no time.
func TestLeft(t *testing.T) {
	first := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	p := pace{runs: 10}
	for run, want := range []string{"", "4 min left", "4 min left", "4 min left", "3 min left"} {
		now := first.Add(time.Duration(run) * 30 * time.Second)
		p.begin(now)
		if got := leftWords(p.left(now)); got != want {
			t.Errorf("run %d: %q, want %q", run+1, got, want)
		}
	}
	if got := p.left(first.Add(time.Hour)); got != 0 {
		t.Errorf("a run that takes long leaves %v", got)
	}
}

// A rule may stop measuring before all runs are made, and a cell that ended needs none.
func TestLeftOfFewerRuns(t *testing.T) {
	for _, test := range []struct {
		rule *result.Stop
		want string
	}{{nil, "4 min left"}, {&result.Stop{Within: 0.05, Most: 20}, "at most 4 min left"}} {
		p := New(&strings.Builder{}, &strings.Builder{}).Progress(25, test.rule)
		cell := result.Cell{ID: "figure2-n1", Figure: "2"}
		p.CellBegins(cell, 20)
		for range 5 {
			p.RunEnds(result.Run{Iteration: 1})
		}
		p.CellEnds(cell, nil)
		p.pace.begun, p.pace.first, p.pace.last = 3, time.Unix(0, 0), time.Unix(60, 0)
		if got := p.pace.words(time.Unix(60, 0)); got != test.want {
			t.Errorf("%+v: %q, want %q", test.rule, got, test.want)
		}
	}
}

func TestLeftWords(t *testing.T) {
	for left, want := range map[time.Duration]string{
		0: "", -time.Second: "", 45 * time.Second: "45 s left", 20 * time.Minute: "20 min left", 5*time.Hour + 7*time.Minute: "5:07 h left",
	} {
		if got := leftWords(left); got != want {
			t.Errorf("%v: %q, want %q", left, got, want)
		}
	}
}

// What somebody waits for gets a line, also where no terminal is.
func TestLongRunsGetALine(t *testing.T) {
	var err strings.Builder
	synctest.Test(t, func(*testing.T) {
		p := New(&strings.Builder{}, &err).Progress(1, nil)
		p.start = &start{begun: time.Now()}
		time.Sleep(30 * time.Second)
		p.RunEnds(result.Run{Iteration: 1, Configuration: "yi-6b", Warnings: []string{"GPU 0 was used by another process, 7, during the run"}})
		p.Stop()
	})
	if want := "  yi-6b, iteration 1: started and stopped in 30.0 s\n    GPU 0 was used by another process, 7, during the run\n"; err.String() != want {
		t.Errorf("printed %q, want %q", err.String(), want)
	}
}
