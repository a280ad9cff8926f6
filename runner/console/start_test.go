package console

import (
	"strings"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// The line of a run that goes on tells what is next, as far as an earlier run of
// the same kind lets it.
func TestStartLine(t *testing.T) {
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
		{"nothing known", phase.Times{}, "", ", 12 s"},
		{"only what it has behind it", phase.Times{}, "load_weights", ", 12 s: after load_weights"},
		{"at first", expected, "", ", 12 s of about 34 s: load_weights, about 2.4 s"},
		{"on the way", expected, "load_weights", ", 12 s of about 34 s: graph_capturing, about 4.0 s"},
		{"after a phase that was not expected", expected, "dynamo_transform_time", ", 12 s of about 34 s: graph_capturing, about 4.0 s"},
		{"at last", expected, "graph_capturing", ", 12 s of about 34 s: after graph_capturing"},
		{"behind all", expected, "init_engine", ", 12 s of about 34 s: after init_engine"},
	}
	for _, test := range tests {
		s := &start{begun: time.Now().Add(-12 * time.Second), expected: test.expected, reached: test.reached}
		if got := s.String(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// What somebody waits for gets a line, also where no terminal is.
func TestLongRunsGetALine(t *testing.T) {
	var err strings.Builder
	p := New(&strings.Builder{}, &err).Progress(1)
	p.start = &start{begun: time.Now().Add(-30 * time.Second)}
	p.RunEnds(result.Run{Iteration: 1, Configuration: "yi-6b", Warnings: []string{"GPU 0 was used by another process, 7, during the run"}})
	p.Stop()
	if want := "  yi-6b, iteration 1: started and stopped in 30.0 s\n    GPU 0 was used by another process, 7, during the run\n"; err.String() != want {
		t.Errorf("printed %q, want %q", err.String(), want)
	}
}
