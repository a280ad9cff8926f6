package paper_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/replay"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// recordedResults are the paper's results.
func recordedResults(t *testing.T) *result.Results {
	t.Helper()
	session := plan.Session{Name: paper.Session, Date: paper.Date, Engine: result.Replay, Iterations: paper.Iterations}
	results, err := paper.Results(plan.Published(session))
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// A recorded run equals its replay, printed as a log and read again, to the last bit, with
// the same warnings. Findings, the parts of segments and counters are of logs: the recorded table has none.
func TestResultsEqualTheReplayed(t *testing.T) {
	results := recordedResults(t)
	runs := 0
	for _, cell := range results.Cells {
		set := results.Plan.Set(cell.Cell.Set)
		if set.SampleCPU {
			if cell.Usage != paper.CPUUsage() || len(cell.Runs) > 0 {
				t.Errorf("%s has %d runs", cell.Cell.ID, len(cell.Runs))
			}
			continue
		}
		replayed := &result.CellResult{}
		for iteration := 1; iteration <= set.CountedIterations(paper.Iterations); iteration++ {
			for i := range set.Configurations {
				run := engine.Run{Set: set, Configuration: &set.Configurations[i], Node: cell.Cell.Node, Iteration: iteration}
				replayed.Runs = append(replayed.Runs, replayedRun(t, replayed, run))
				runs++
			}
		}
		if diff := cmp.Diff(replayed.Runs, cell.Runs, cmpopts.EquateComparable(phase.Times{}),
			cmpopts.IgnoreFields(result.Run{}, "Findings", "Parts", "Counters")); diff != "" {
			t.Errorf("%s (-replayed +recorded):\n%s", cell.Cell.ID, diff)
		}
		if diff := cmp.Diff(replayed.Setups, cell.Setups); diff != "" {
			t.Errorf("%s is set up (-replayed +recorded):\n%s", cell.Cell.ID, diff)
		}
	}
	if want := 106*paper.Iterations + len(paper.Releases()); runs != want {
		t.Errorf("%d runs, want %d", runs, want)
	}
}

// replayedRun replays a run of a cell. It has no log's name, as a recorded one.
func replayedRun(t *testing.T, cell *result.CellResult, run engine.Run) result.Run {
	t.Helper()
	var text bytes.Buffer
	started, err := new(replay.Engine).Start(t.Context(), run, &text)
	if err != nil {
		t.Fatal(err)
	}
	log, err := phase.Read(&text, "")
	if err != nil {
		t.Fatal(err)
	}
	made := result.NewRun(run.Iteration, run.Configuration.ID, log)
	made.Setup = cell.KeepSetup(&log.Setup)
	made.Warnings = append(made.Warnings, started.Warnings...)
	return made
}
