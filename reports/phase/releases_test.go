package phase_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/segment"
	"coldstart/reports/testkit"
)

// Each log in testdata/releases is an excerpt in one release's wording; the .json beside
// it has the expected readings. To add a release, add the log and its rows of the table;
// -update writes the readings, for a person to check.
func TestReleases(t *testing.T) {
	compareReadings(t, "testdata/releases/*.log", 12)
}

// Complete logs of later releases.
func TestRecordedReleases(t *testing.T) {
	compareReadings(t, "testdata/recorded/*.log.gz", 11)
}

// compareReadings compares the readings of at least least logs with the files beside
// them.
func compareReadings(t *testing.T, pattern string, least int) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) < least {
		t.Fatalf("%d logs in %s, want %d at least: %v", len(paths), pattern, least, err)
	}
	for _, path := range paths {
		stem, _, _ := strings.Cut(path, ".log")
		t.Run(filepath.Base(stem), func(t *testing.T) {
			testkit.Golden(t, stem+".json", readings(t, path))
		})
	}
}

// readings is the content of a log as JSON, for a person to check.
func readings(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log, err := phase.ReadAny(file, strings.TrimSuffix(filepath.Base(path), ".gz"))
	if err != nil {
		t.Fatal(err)
	}
	told := struct {
		Release     string           `json:"release"`
		Error       string           `json:"error,omitempty"`
		Warnings    []string         `json:"warnings,omitempty"`
		WeightsGiB  float64          `json:"weights_gib,omitempty"`
		Counters    phase.Counters   `json:"counters,omitzero"`
		Seconds     phase.Times      `json:"seconds"`
		TimeToReady float64          `json:"time_to_ready,omitempty"`
		Segments    segment.Segments `json:"segments,omitempty"`
		Parts       segment.Parts    `json:"parts,omitzero"`
		Ranks       []phase.Rank     `json:"ranks,omitempty"`
		Slowest     phase.Slowest    `json:"slowest,omitzero"`
		Apart       phase.Times      `json:"apart,omitzero"`
		RankParts   []phase.RankPart `json:"rank_parts,omitempty"`
		Drafter     *phase.Times     `json:"drafter,omitempty"`
	}{
		Release: log.Release, Warnings: log.Warnings, WeightsGiB: log.Weights, Counters: log.Counters, Seconds: rounded(log.Times),
		TimeToReady: log.TimeToReady, Segments: log.Segments, Parts: segment.Parts(log.Segments),
		Ranks: log.Ranks, Slowest: log.Slowest, Apart: log.Apart, RankParts: log.RankParts,
	}
	if log.Drafter != (phase.Times{}) {
		told.Drafter = &log.Drafter
	}
	if err := log.Err(); err != nil {
		told.Error = err.Error()
	}
	text, err := json.MarshalIndent(told, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// rounded rounds to microseconds, which removes the rounding errors of sums.
func rounded(t phase.Times) phase.Times {
	for p := range phase.All() {
		if seconds, ok := t.Get(p); ok {
			t.Set(p, math.Round(seconds*1e6)/1e6)
		}
	}
	return t
}

func TestCompareReleases(t *testing.T) {
	names := []string{"0.10.1.1", "nightly", "0.3.1", "0.1.dev15312", "0.20.2", "0.10.0"}
	slices.SortFunc(names, phase.CompareReleases)
	if got, want := strings.Join(names, " "), "0.3.1 0.10.0 0.10.1.1 0.20.2 0.1.dev15312 nightly"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
