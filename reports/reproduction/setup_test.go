package reproduction

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// onNode are results of one cell, of set breakdown on a node, with a run for each
// setup: as "0.10.1.1", and counted.
func onNode(node string, setups ...phase.Setup) *result.Results {
	cell := result.Cell{ID: "figure2-" + node, Figure: "2", Node: node, Set: "breakdown"}
	found := &result.CellResult{Cell: cell}
	for i := range setups {
		run := result.Run{Iteration: i + 1, Configuration: "llama3-3b", Release: "0.10.1.1"}
		run.Setup = found.KeepSetup(&setups[i])
		found.Runs = append(found.Runs, run)
	}
	return &result.Results{
		Plan:  result.Plan{Cells: []result.Cell{cell, {ID: "figure12", Node: node, Set: "breakdown", Shares: cell.ID}}},
		Cells: map[string]*result.CellResult{cell.ID: found},
	}
}

func TestHoldSetups(t *testing.T) {
	forked := phase.Setup{Start: phase.Forked, Sampler: "PyTorch", Config: "model='a', seed=0"}
	elsewhere := forked
	elsewhere.Config = "model='b', seed=0"
	spawned := phase.Setup{Start: phase.Spawned, Sampler: "PyTorch", Config: "seed=1, new=2"}
	older := onNode("here", spawned)
	older.Cells["figure2-here"].Runs[0].Release = "0.9.0"
	warmUp := onNode("here", spawned)
	warmUp.Cells["figure2-here"].Runs[0].Iteration = 0
	tests := []struct {
		name string
		here *result.Results
		want []string
	}{
		{"as recorded, but for paths", onNode("here", forked, elsewhere),
			[]string{"Engine configuration as recorded, in every compared field of 2 runs."}},
		{"otherwise", onNode("here", forked, spawned, spawned), []string{
			"Engine configuration: engine process is spawned in 2 of 3 runs (llama3-3b), and was recorded as forked.",
			"Engine configuration: new is 2 in 2 of 3 runs (llama3-3b), and was recorded as absent.",
			"Engine configuration: seed is 1 in 2 of 3 runs (llama3-3b), and was recorded as 0.",
		}},
		{"another release", older, nil},
		{"a warm-up", warmUp, nil},
		{"nothing told", onNode("here", phase.Setup{}), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &reproducer{here: test.here, paper: onNode("n1", forked), parts: map[string]string{"here": "n1"}}
			setup := r.holdSetups()
			if diff := cmp.Diff(test.want, setup.words()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			r.parts = nil // whoever the node is, the set was recorded somewhere
			if again := r.holdSetups(); !cmp.Equal(setup, again) {
				t.Errorf("without --as %+v, with it %+v", again, setup)
			}
		})
	}
}

// A side that was recorded otherwise is held against its own recording.
func TestHoldSetupsByNode(t *testing.T) {
	pytorch, flashInfer := phase.Setup{Sampler: "PyTorch"}, phase.Setup{Sampler: "FlashInfer"}
	paper := onNode("n1", pytorch)
	other := onNode("n2", flashInfer)
	paper.Plan.Cells = append(paper.Plan.Cells, other.Plan.Cells[0])
	paper.Cells["figure2-n2"] = other.Cells["figure2-n2"]
	for node, differs := range map[string]int{"n1": 1, "n2": 0, "": 1} {
		r := &reproducer{here: onNode("here", flashInfer), paper: paper, parts: map[string]string{"here": node}}
		if got := r.holdSetups(); got.Runs != 1 || len(got.Differs) != differs {
			t.Errorf("as %q: %+v, want %d differences in one run", node, got, differs)
		}
	}
}

// A configuration that differs again and again is named once, whatever was measured in between.
func TestSetupNames(t *testing.T) {
	s := Setup{Runs: 6}
	for range 2 {
		for _, configuration := range []string{"llama3-3b", "qwen-4b", "yi-6b"} {
			s.add(phase.Setting{Name: "sampler", A: "PyTorch", B: "FlashInfer"}, configuration)
		}
	}
	want := []string{"Engine configuration: sampler is FlashInfer in 6 of 6 runs (llama3-3b, qwen-4b, yi-6b), and was recorded as PyTorch."}
	if diff := cmp.Diff(want, s.words()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
