package result_test

import (
	"strings"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
)

// A quantity is found by its name in a run, and a name that a phase and a segment have is the
// phase's.
func TestQuantity(t *testing.T) {
	run := &result.Run{TimeToReady: 20, Segments: segment.Times{
		{First: segment.FrontEnd, Last: segment.FrontEnd, Took: 9 * time.Second},
		{First: segment.WorkerSetup, Last: segment.ModelLoading, Took: 11 * time.Second},
	}}
	run.Seconds.Set(phase.ModelLoading, 4)
	for _, test := range []struct {
		name    string
		seconds float64
		known   bool
		segment bool
	}{
		{"model_loading", 4, true, false},
		{"segment.model_loading", 0, false, true}, // it is one with worker_setup
		{"load_weights", 0, false, false},
		{"front_end", 9, true, true},
		{"time_to_ready", 20, true, true},
		{"first_token", 0, false, true},
	} {
		q, err := result.ParseQuantity(test.name)
		if err != nil {
			t.Fatal(err)
		}
		seconds, known := q.Of(run)
		if seconds != test.seconds || known != test.known || q.IsSegment() != test.segment || q != result.Quantity(test.name) {
			t.Errorf("%s: %v is %g s, known: %t, a segment: %t", test.name, q, seconds, known, q.IsSegment())
		}
	}
	if _, known := result.Quantity("").Of(run); known {
		t.Error("no quantity is known")
	}
	for _, name := range result.QuantityNames() {
		if q, err := result.ParseQuantity(name); err != nil || string(q) != name {
			t.Errorf("%s is read as %v, %v", name, q, err)
		}
	}
}

func TestParseQuantities(t *testing.T) {
	for _, test := range []struct{ names, want string }{
		{"coffee", `unknown phase "coffee"; the phases are detect_platform`},
		{"coffee", "the segments are process_start, front_end, worker_setup, segment.model_loading, profile_compile, "},
		{"front_end,load_weights", "front_end and load_weights are of two kinds, the paper's phases and segments: name some of one kind"},
	} {
		if _, err := result.ParseQuantities(strings.Split(test.names, ",")); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.names, err, test.want)
		}
	}
	if all, err := result.ParseQuantities([]string{"front_end", "segment.model_loading"}); len(all) != 2 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
}
