package compare_test

import (
	"fmt"

	"coldstart/reports/compare"
	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Two sessions of one configuration on one node are compared phase by phase.
func ExampleResults() {
	before := measured("before", 20.0, 20.1, 19.9)
	after := measured("after", 23.0, 23.2, 22.9)
	c, err := compare.Results(before, after, compare.Options{NameA: "before", NameB: "after"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, configuration := range c.Configurations {
		for _, p := range configuration.Phases {
			fmt.Printf("%s on %s, %s: %.1f s → %.1f s, %s\n",
				configuration.Label, configuration.Node, p.Phase, p.A.Mean, p.B.Mean, p.Verdict)
		}
	}
	// Output:
	// Qwen-4B on n1, actual_total_time: 20.0 s → 23.0 s, slower
}

// measured is a session with one run for each start-up, in seconds.
func measured(session string, seconds ...float64) *result.Results {
	cell := &result.CellResult{Session: session, Engine: "vllm", Cell: result.Cell{ID: "start-n1", Node: "n1", Set: "start"}}
	for i, s := range seconds {
		run := result.Run{Iteration: i + 1, Configuration: "qwen-4b"}
		run.Seconds.Set(phase.ActualTotalTime, s)
		cell.Runs = append(cell.Runs, run)
	}
	return &result.Results{
		Plan: result.Plan{
			Session: session, Engine: "vllm", Iterations: len(seconds), Nodes: []result.Node{{Name: "n1"}},
			Models: []result.Model{{Key: "qwen-4b", Label: "Qwen-4B"}},
			Sets:   []result.Set{{Name: "start", Configurations: []result.Configuration{{ID: "qwen-4b", Model: "qwen-4b"}}}},
			Cells:  []result.Cell{cell.Cell},
		},
		Cells: map[string]*result.CellResult{cell.Cell.ID: cell},
	}
}
