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

// The time to ready is the paper's actual_total_time, in all recorded logs.
func TestTimeToReadyOfRecordedLogs(t *testing.T) {
	logs := 0
	err := filepath.WalkDir(testkit.Artifact(t), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".txt" {
			return err
		}
		logs++
		log, err := phase.ReadFile(path)
		if actual, known := log.Times.Get(phase.ActualTotalTime); !known || log.TimeToReady != actual {
			t.Errorf("%s: ready after %v s, actual_total_time is %v s", path, log.TimeToReady, actual)
		}
		return err
	})
	if want := 779; err != nil || logs != want {
		t.Errorf("%v, %d logs compared, want %d", err, logs, want)
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
