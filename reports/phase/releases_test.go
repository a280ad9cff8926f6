package phase_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/golden"
	"coldstart/reports/phase"
	"coldstart/reports/recorded"
)

// Each log in testdata/releases is an excerpt in one release's wording, with
// what is read from it beside it. To add a release, add the log, and the rows
// that it needs to the table.
func TestReleases(t *testing.T) {
	for _, path := range logsIn(t, "testdata/releases") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			golden.Compare(t, strings.TrimSuffix(path, ".log")+".json", readings(t, path))
		})
	}
}

// Start-ups of later releases as they were, down to the last debug line.
func TestRecordedReleases(t *testing.T) {
	for _, path := range logsIn(t, recorded.Logs(t)) {
		name := strings.TrimSuffix(filepath.Base(path), ".log")
		t.Run(name, func(t *testing.T) {
			golden.Compare(t, filepath.Join("testdata", "recorded", name+".json"), readings(t, path))
		})
	}
}

func logsIn(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no logs in %s: %v", dir, err)
	}
	return paths
}

// readings is all that a log tells, as a person would check it.
func readings(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log, err := phase.Read(file, filepath.Base(path))
	if err != nil {
		t.Fatal(err)
	}
	told := struct {
		Release    string      `json:"release"`
		Error      string      `json:"error,omitempty"`
		Warnings   []string    `json:"warnings,omitempty"`
		WeightsGiB float64     `json:"weights_gib,omitempty"`
		Seconds    phase.Times `json:"seconds"`
	}{Release: log.Release, Warnings: log.Warnings, WeightsGiB: log.Weights, Seconds: rounded(log.Times)}
	if err := log.Err(); err != nil {
		told.Error = err.Error()
	}
	text, err := json.MarshalIndent(told, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// rounded cuts off what adding decimals leaves behind the microseconds.
func rounded(t phase.Times) phase.Times {
	for p := range phase.All() {
		if seconds, ok := t.Get(p); ok {
			t.Set(p, math.Round(seconds*1e6)/1e6)
		}
	}
	return t
}
