package testkit

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"coldstart/reports/phase"
)

// A Reading has the values that the paper's authors read from one log, or averaged over
// the logs of one configuration.
type Reading struct {
	Path    string                   // of the log; for an average, of a log with that name
	Seconds map[phase.Phase]*float64 // nil if they found none
}

// Readings reads the artifact's files with a name: comparison_results.json or
// avg_comparison_results.json.
func Readings(t testing.TB, name string) (readings []Reading) {
	t.Helper()
	err := filepath.WalkDir(Artifact(t), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == name {
			readings = append(readings, read(t, path)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return readings
}

// read reads one file: one column of values per phase, one row per log.
func read(t testing.TB, path string) (readings []Reading) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Labels []string
		Data   map[phase.Phase][]*float64
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(file.Data) == 0 {
		t.Fatalf("%s: no phases in it", path)
	}
	for i, label := range file.Labels {
		r := Reading{Path: filepath.Join(filepath.Dir(path), label), Seconds: map[phase.Phase]*float64{}}
		for p, column := range file.Data {
			r.Seconds[p] = column[i]
		}
		readings = append(readings, r)
	}
	return readings
}
