package stat_test

import (
	"math"
	"path/filepath"
	"strconv"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
	"coldstart/reports/testkit"
)

// The averages of the scripts of the paper's authors are in the artifact. There, the sum
// of parts that no log has is zero; here it is absent.
func TestAgreesWithThePaper(t *testing.T) {
	averages := testkit.Readings(t, "avg_comparison_results.json")
	zeros := 0
	for _, average := range averages {
		ours := stat.Average(readIterations(t, filepath.Dir(average.Path), filepath.Base(average.Path)))
		for p, want := range average.Seconds {
			got, known := ours.Get(p)
			switch {
			case !known && p == phase.TorchCompile && want != nil && *want == 0:
				zeros++
			case known != (want != nil):
				t.Errorf("%s: %v known %t, in the paper %t", average.Path, p, known, want != nil)
			case known && math.Abs(got-*want) > 1e-9:
				t.Errorf("%s: %v is %v s, in the paper %v s", average.Path, p, got, *want)
			}
		}
	}
	// As many as there are configurations in figures 2, 7, 9, 14, 15, both sides
	// of 10, 11 and 13, and the rest.
	if want := 1 + 10 + 7 + 12 + 10 + 6*11 + 22; len(averages) != want {
		t.Errorf("%d averages compared, want %d", len(averages), want)
	}
	// Figure 7 is measured without torch.compile.
	if want := 10; zeros != want {
		t.Errorf("%d times torch.compile is 0 in the paper and absent here, want %d", zeros, want)
	}
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
