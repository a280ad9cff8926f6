package stat_test

import (
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/recorded"
	"coldstart/reports/stat"
)

// The paper's authors kept the averages that their own scripts made of the logs.
func TestAgreesWithThePaper(t *testing.T) {
	averages, zeros := 0, 0
	err := filepath.WalkDir(recorded.Artifact(t), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "avg_comparison_results.json" {
			n, z := compareWithPaper(t, path)
			averages, zeros = averages+n, zeros+z
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// As many as there are configurations in figures 2, 7, 9, 14, 15, both sides
	// of 10, 11 and 13, and the rest.
	if want := 1 + 10 + 7 + 12 + 10 + 6*11 + 22; averages != want {
		t.Errorf("%d averages compared, want %d", averages, want)
	}
	// Figure 7 is measured without torch.compile.
	if want := 10; zeros != want {
		t.Errorf("%d times torch.compile is 0 in the paper and absent here, want %d", zeros, want)
	}
}

// compareWithPaper compares the averages in one of the authors' files with ours
// of the logs beside it. They make zero of the sum of parts that no log has,
// which for us is absent: zeros counts that.
func compareWithPaper(t *testing.T, path string) (averages, zeros int) {
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
		ours := stat.Average(readIterations(t, filepath.Dir(path), label))
		for p, column := range theirs.Data {
			want := column[i]
			got, known := ours.Get(p)
			switch {
			case !known && p == phase.TorchCompile && want != nil && *want == 0:
				zeros++
			case known != (want != nil):
				t.Errorf("%s: %s: %v known %t, in the paper %t", path, label, p, known, want != nil)
			case known && math.Abs(got-*want) > 1e-9:
				t.Errorf("%s: %s: %v is %v s, in the paper %v s", path, label, p, got, *want)
			}
		}
	}
	if len(theirs.Data) == 0 {
		t.Errorf("%s: no phases in it", path)
	}
	return len(theirs.Labels), zeros
}

func readIterations(t *testing.T, folder, label string) (runs []phase.Times) {
	for iteration := 1; iteration <= 5; iteration++ {
		log, err := phase.ReadFile(filepath.Join(folder, "iterations", strconv.Itoa(iteration), label))
		if err != nil || log.Err() != nil {
			t.Fatalf("%v, %v", err, log.Err())
		}
		runs = append(runs, log.Times)
	}
	return runs
}
