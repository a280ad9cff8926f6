package phase_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
)

// A want has the right values of a log that is like one that somebody posted.
type want struct {
	Complete bool
	Seconds  map[phase.Phase]float64
	Absent   []phase.Phase
	Error    string             `json:"error_contains"`
	Warning  string             `json:"warning_contains"`
	Ready    float64            `json:"time_to_ready"` // 0: not compared
	Segments map[string]float64 // nil: not compared
	Attempts *int               // before the one that counts
	Ranks    int                // 0: not compared
}

// Each log in testdata/posted shows one kind of wrapping, attempts or ranks, and the
// .want.json beside it has the values. To add a kind, add the two files.
func TestPosted(t *testing.T) {
	compareWanted(t, "testdata/posted")
}

// The logs beside the checkout are like those that people posted.
func TestReported(t *testing.T) {
	compareWanted(t, filepath.Join(testkit.Artifact(t), "..", "logs", "reported"))
}

func compareWanted(t *testing.T, dir string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.want.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("no logs in " + dir)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".want.json"), func(t *testing.T) {
			var w want
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &w); err != nil {
				t.Fatal(err)
			}
			log, err := phase.ReadFile(strings.TrimSuffix(path, ".want.json") + ".log")
			if err != nil {
				t.Fatal(err)
			}
			w.compare(t, &log)
		})
	}
}

func (w *want) compare(t *testing.T, log *phase.Log) {
	t.Helper()
	if log.Complete != w.Complete {
		t.Errorf("complete is %t", log.Complete)
	}
	if got := fmt.Sprint(log.Err()); !strings.Contains(got, w.Error) || w.Complete != (log.Err() == nil) {
		t.Errorf("the error %q lacks %q", got, w.Error)
	}
	for p, want := range w.Seconds {
		if got, ok := log.Times.Get(p); !ok || math.Abs(got-want) > 0.0005 {
			t.Errorf("%v is %v s (known: %t), want %v", p, got, ok, want)
		}
	}
	for _, p := range w.Absent {
		if log.Times.Has(p) {
			t.Errorf("%v is not absent", p)
		}
	}
	if w.Ready > 0 && math.Abs(log.TimeToReady-w.Ready) > 0.0005 {
		t.Errorf("ready after %v s, want %v", log.TimeToReady, w.Ready)
	}
	segments := map[string]float64{}
	for _, s := range log.Segments {
		segments[s.Name] = s.Seconds()
	}
	if diff := cmp.Diff(w.Segments, segments); w.Segments != nil && diff != "" {
		t.Errorf("segments (-want +got):\n%s", diff)
	}
	if w.Attempts != nil && len(log.Attempts) != *w.Attempts {
		t.Errorf("attempts before: %+v, want %d", log.Attempts, *w.Attempts)
	}
	if w.Ranks > 0 && len(log.Ranks) != w.Ranks {
		t.Errorf("ranks: %+v, want %d", log.Ranks, w.Ranks)
	}
	if warnings := strings.Join(log.Warnings, "\n"); !strings.Contains(warnings, w.Warning) {
		t.Errorf("the warnings %q lack %q", warnings, w.Warning)
	}
	if actual, ok := log.Times.Get(phase.ActualTotalTime); ok && w.Complete && log.TimeToReady < actual {
		t.Errorf("the time to ready is %v s, less than %v", log.TimeToReady, actual)
	}
}
