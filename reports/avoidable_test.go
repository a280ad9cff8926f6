package reports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// withFindings adds runs to the session, each of 10 s, with findings.
func withFindings(runs ...result.Run) *result.Results {
	results := session()
	cell := results.Cells["figure4-n1"]
	for _, run := range runs {
		run.Configuration = "yi-6b"
		run.Seconds.Set(phase.ActualTotalTime, 10)
		cell.Runs = append(cell.Runs, run)
	}
	return results
}

var (
	missed = phase.Finding{Name: "compile_cache_missed", Meaning: "graphs were compiled", Line: 9, Seconds: 2}
	longer = phase.Finding{Name: "compile_cache_missed", Meaning: "graphs were compiled", Line: 7, Seconds: 3}
	slow   = phase.Finding{Name: "tokenizer_slow", Meaning: "the tokenizer is slow", Line: 3}
)

// The findings of counted runs are told by model, with the mean of the times that are known.
func TestAvoidable(t *testing.T) {
	results := withFindings(
		result.Run{Iteration: 0, Findings: []phase.Finding{{Name: "weights_downloaded", Seconds: 8}}}, // the warm-up
		result.Run{Iteration: 2, Findings: []phase.Finding{missed, slow}},
		result.Run{Iteration: 3, Findings: []phase.Finding{longer}},
		result.Run{Iteration: 4, Findings: []phase.Finding{missed}, Failed: "it ended"},
	)
	report, files := written(t, results, t.TempDir())
	mean := missed
	mean.Seconds = 2.5
	want := []Avoidable{
		{Finding: mean, Model: "Yi-6B", Runs: 2, All: 3, Share: 0.25},
		{Finding: slow, Model: "Yi-6B", Runs: 1, All: 3},
	}
	if diff := cmp.Diff(want, report.Avoidable()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	rows := "| Yi-6B | compile_cache_missed | 2 of 3 |    2.500 |  25 % | graphs were compiled  |\n" +
		"| Yi-6B | tokenizer_slow       | 1 of 3 |          |       | the tokenizer is slow |\n"
	if summary := files["summary.md"]; !strings.Contains(summary, rows) {
		t.Errorf("the summary has no\n%s\n%s", rows, summary)
	}
	sentence := "Finding compile_cache_missed in Yi-6B (2.5 s): graphs were compiled."
	if told := strings.Join(report.provenance(), "\n"); !strings.Contains(told, sentence) {
		t.Errorf("the provenance does not say %q:\n%s", sentence, told)
	}
}

// A session without findings has no section of them.
func TestNothingAvoidable(t *testing.T) {
	wanted := withFindings(result.Run{Iteration: 2, Findings: []phase.Finding{missed}})
	for i := range wanted.Plan.Sets {
		wanted.Plan.Sets[i].Variables = map[string]string{"VLLM_DISABLE_COMPILE_CACHE": "1"}
	}
	if report, _ := written(t, wanted, t.TempDir()); len(report.Avoidable()) > 0 {
		t.Errorf("a set that compiles on purpose: %+v", report.Avoidable())
	}
	if _, files := written(t, session(), t.TempDir()); strings.Contains(files["summary.md"], "Findings") {
		t.Error(files["summary.md"])
	}
}
