package phase_test

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
)

// The readings of the scripts of the paper's authors are in the artifact.
func TestAgreesWithThePaper(t *testing.T) {
	readings := testkit.Readings(t, "comparison_results.json")
	for _, reading := range readings {
		log, err := phase.ReadFile(reading.Path)
		if err != nil || log.Err() != nil {
			t.Errorf("%v, %v", err, log.Err())
		}
		for p, want := range reading.Seconds {
			ours, known := log.Times.Get(p)
			switch {
			case known != (want != nil):
				t.Errorf("%s: %v known %t, in the paper %t", log.Name, p, known, want != nil)
			case known && math.Abs(ours-*want) > 1e-6*math.Abs(*want):
				t.Errorf("%s: %v is %v s, in the paper %v s", log.Name, p, ours, *want)
			}
		}
	}
	if want := 768; len(readings) != want {
		t.Errorf("%d logs compared, want %d", len(readings), want)
	}
}

// BenchmarkRead reads every log of the paper's artifact from memory.
func BenchmarkRead(b *testing.B) {
	var logs [][]byte
	var size int64
	err := filepath.WalkDir(testkit.Artifact(b), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".txt" {
			log, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			logs, size = append(logs, log), size+int64(len(log))
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	benchmarkRead(b, logs, size)
}
