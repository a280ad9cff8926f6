package comment

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// measured are two kept sides of real start-ups, in turns: with what vLLM and PyTorch have
// compiled before, and without.
func measured(t *testing.T, base, head string) *result.Results {
	t.Helper()
	var sides [2]*result.Results
	for i, name := range []string{base, head} {
		read, err := result.Read(filepath.Join("..", "examples", "cpu", name))
		if err != nil {
			t.Fatal(err)
		}
		sides[i] = read
	}
	a, b := sides[0], sides[1]
	a.Plan.Commit, b.Plan.Commit = "0123456789abcdef0123456789abcdef01234567", "89abcdef0123456789abcdef0123456789abcdef"
	a.Plan.Against, a.Against = &b.Plan, b
	for _, plan := range []*result.Plan{&a.Plan, &b.Plan} { // no plan of two sides has a cell for hardware alone
		plan.Cells = slices.DeleteFunc(plan.Cells, func(c result.Cell) bool { return c.Figure == "" })
	}
	for i := range a.Plan.Cells {
		a.Plan.Cells[i].Declared = map[string]string{"environment": "cpu-current"}
		b.Plan.Cells[i].Declared = map[string]string{"environment": "cpu-current", "variable VLLM_DISABLE_COMPILE_CACHE": "1"}
	}
	return a
}

// shown is the comment on a change, which is well formed. drifts are those of a history.
func shown(t *testing.T, base *result.Results, drifts ...string) string {
	t.Helper()
	c, err := NewChange(base, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	c.Drifts = drifts
	c.Workflow, c.Run, c.Artifacts = "coldstart", "https://github.com/me/vllm/actions/runs/1", "https://github.com/me/vllm/actions/runs/1#artifacts"
	text, err := c.Text()
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, &Content{Workflow: c.Workflow, Run: c.Run, Artifacts: c.Artifacts}, text)
	return text
}

// The comment leads with the answer.
func TestChange(t *testing.T) {
	tests := map[string]func(t *testing.T) *result.Results{
		"change-slower": func(t *testing.T) *result.Results { return measured(t, "cached", "uncached") },
		"change-incomplete": func(t *testing.T) *result.Results {
			base := measured(t, "cached", "uncached")
			for id, cell := range base.Against.Cells {
				cell.Runs, cell.Error = nil, "environment cpu-current: a command failed"
				delete(base.Cells, id)
			}
			return base
		},
		"change-nothing": func(t *testing.T) *result.Results {
			base := measured(t, "cached", "uncached")
			for side := base; side != nil; side = side.Against {
				side.Plan.Cells, side.Plan.Nodes, side.Cells = nil, nil, nil
			}
			return base
		},
		"change-lost": func(t *testing.T) *result.Results {
			base := measured(t, "cached", "uncached")
			for _, cell := range base.Against.Cells {
				for i := range cell.Runs {
					cell.Runs[i].Failed = "ValueError: no such attention backend"
				}
			}
			return base
		},
	}
	drifts := map[string][]string{"change-slower": {
		"models on here: load_weights has been 11.1 % slower since commit 4f2a9c1 (3 Nov)",
		"models on here: init_engine has been getting slower since commit 0000008 (9 Oct), 10 % in all; last 4.8 %, " +
			"at commit 89abcde (9 Nov), where the environment changed: vllm: 0.20.1 → 0.20.2; torch: 2.9.0 → 2.9.1; and 3 more",
	}}
	for name, make := range tests {
		t.Run(name, func(t *testing.T) {
			testkit.Golden(t, filepath.Join("testdata", name+".md"), shown(t, make(t), drifts[name]...))
		})
	}
}

// Whatever texts results have, the comment stays whole.
func TestHostileChange(t *testing.T) {
	for i, text := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			base := measured(t, "cached", "uncached")
			for side := base; side != nil; side = side.Against {
				side.Plan.Commit, side.Plan.Engine, side.Warnings = text, text, []string{text}
				for j := range side.Plan.Models {
					side.Plan.Models[j].Label = text
				}
				for j := range side.Plan.Cells {
					side.Plan.Cells[j].Declared = map[string]string{text: text, "side": fmt.Sprint(text, side == base)}
				}
				for _, cell := range side.Cells {
					cell.Error = text
					for j := range cell.Runs {
						if cell.Runs[j].Iteration == 1 {
							cell.Runs[j].Failed = text
						}
					}
				}
			}
			shown(t, base, text)
		})
	}
}
