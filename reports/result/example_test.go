package result_test

import (
	"fmt"
	"os"
	"path/filepath"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// A session is written cell by cell, and read back from any directory above it.
func ExampleRead() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	plan := &result.Plan{
		Schema: result.Schema, Session: "2026-03-01", Engine: "vllm", Iterations: 1,
		Sets:  []result.Set{{Name: "baseline", Configurations: []result.Configuration{{ID: "qwen-4b", Model: "qwen-4b"}}}},
		Cells: []result.Cell{{ID: "figure2-n1", Figure: "2", Node: "n1", Set: "baseline"}},
	}
	session, err := result.Create(filepath.Join(dir, "out"), plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	cell := session.Cell(plan.Cells[0])
	run := result.Run{Iteration: 1, Configuration: "qwen-4b"}
	run.Seconds.Set(phase.LoadWeights, 1.25)
	cell.Result.Runs = append(cell.Result.Runs, run)
	if err := cell.Write(); err != nil {
		fmt.Println(err)
		return
	}

	results, err := result.Read(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, times := range results.Cell("figure2-n1").Counted("qwen-4b") {
		seconds, _ := times.Get(phase.LoadWeights)
		fmt.Println(results.Plan.Origin(), seconds)
	}
	// Output:
	// measured with vllm 1.25
}
