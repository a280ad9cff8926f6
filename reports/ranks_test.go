package reports

import (
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Summary and provenance have a sentence about the ranks of a configuration.
func TestRankWords(t *testing.T) {
	slow := []phase.RankPart{{Part: phase.RanksLoad, Seconds: map[string]float64{"Worker_TP0": 4, "Worker_TP1": 6}}}
	results := withFindings(
		result.Run{Iteration: 2, Ranks: slow}, result.Run{Iteration: 3, Ranks: slow}, result.Run{Iteration: 4, Ranks: slow},
	)
	const want = "Yi-6B on n1: 2 ranks; the slowest decides; " +
		"loading: slowest Worker_TP1, 2.00 s after the fastest, of 6.00 s on average; " +
		"loading: Worker_TP1 is a straggler, the slowest rank in all 3 start-ups."
	report, files := written(t, results, t.TempDir())
	if told := strings.Join(report.provenance(), "\n"); !strings.Contains(told, want) {
		t.Errorf("the provenance does not say %q:\n%s", want, told)
	}
	if summary := files["summary.md"]; !strings.Contains(summary, "## Ranks") {
		t.Errorf("the summary has no section of ranks:\n%s", summary)
	}
	if _, files := written(t, session(), t.TempDir()); strings.Contains(files["summary.md"], "## Ranks") {
		t.Errorf("a session of one rank:\n%s", files["summary.md"])
	}
}
