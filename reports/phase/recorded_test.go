package phase_test

import (
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/recorded"
)

// The paper's authors kept what their own scripts read from each log.
func TestAgreesWithThePaper(t *testing.T) {
	logs := 0
	err := filepath.WalkDir(recorded.Artifact(t), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "comparison_results.json" {
			logs += compareWithPaper(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := 768; logs != want {
		t.Errorf("%d logs compared, want %d", logs, want)
	}
}

func compareWithPaper(t *testing.T, path string) (logs int) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var theirs struct {
		Labels []string
		Data   map[phase.Phase][]*float64
	}
	if err := json.Unmarshal(text, &theirs); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for i, label := range theirs.Labels {
		log, err := phase.ReadFile(filepath.Join(filepath.Dir(path), label))
		if err != nil || log.Err() != nil {
			t.Errorf("%v, %v", err, log.Err())
		}
		for p, column := range theirs.Data {
			ours, known := log.Times.Get(p)
			switch want := column[i]; {
			case known != (want != nil):
				t.Errorf("%s: %v known %t, in the paper %t", log.Name, p, known, want != nil)
			case known && math.Abs(ours-*want) > 1e-6*math.Abs(*want):
				t.Errorf("%s: %v is %v s, in the paper %v s", log.Name, p, ours, *want)
			}
		}
	}
	return len(theirs.Labels)
}

// BenchmarkRead reads every log of the paper's artifact from memory.
func BenchmarkRead(b *testing.B) {
	var logs [][]byte
	var size int64
	err := filepath.WalkDir(recorded.Artifact(b), func(path string, entry fs.DirEntry, err error) error {
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
