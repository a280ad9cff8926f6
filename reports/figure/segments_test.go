package figure_test

import (
	"strings"
	"testing"
	"time"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/reports/testkit"
)

// run is a counted run whose segments are front_end, worker_setup and so on, in seconds. A
// negative time is of a segment that is one with those before it.
func run(configuration string, iteration int, seconds ...float64) result.Run {
	run := result.Run{Iteration: iteration, Configuration: configuration}
	for i, s := range seconds {
		last := len(run.Segments) - 1
		if s < 0 {
			run.Segments[last].Last++
			continue
		}
		run.Segments = append(run.Segments, segment.Time{
			First: segment.FrontEnd + i, Last: segment.FrontEnd + i, Took: time.Duration(s * float64(time.Second)),
		})
	}
	return run
}

// Each set has a figure, with a bar for each configuration on each node. Runs without
// segments have none, and neither has the warm-up.
func TestSegmentsOf(t *testing.T) {
	results := &result.Results{Plan: lab(), Cells: map[string]*result.CellResult{}}
	cell := func(c result.Cell, runs ...result.Run) {
		results.Plan.Cells = append(results.Plan.Cells, c)
		results.Cells[c.ID] = &result.CellResult{Cell: c, Runs: runs}
	}
	cell(result.Cell{ID: "models-n1", Node: "n1", Set: "models"},
		run("small", 0, 99, 99), run("small", 1, 10, 3, 5, 20, 6, 2, 0.2), run("small", 2, 12, 3, 6, 22, 6, 2, 0.4),
		run("medium", 1, 10, 3, 9, 21, 6, 2), run("medium", 2, 10, 3, 9, -1, 30), run("large", 1), run("large", 2))
	cell(result.Cell{ID: "shared-n1", Node: "n1", Set: "models", Shares: "models-n1"})
	cell(result.Cell{ID: "models-n2", Role: "gpu1", Node: "n2", Set: "models"}, run("small", 1, 5, 1, 2, 9, 3, 1))
	cell(result.Cell{ID: "versions-n1", Node: "n1", Set: "versions"},
		run("small_vllm-0.3.1", 1, 30, -1, -1, -1, -1, -1), run("small_vllm-0.4.0", 1, 10, 3, 5, 20, 6, 2))
	cell(result.Cell{ID: "cores-n1", Node: "n1", Set: "cores"}, run("small", 1))

	var figures []*figure.Data
	var names, words []string
	for _, spec := range figure.SegmentsOf(&results.Plan) {
		d, err := figure.Build(results, &spec)
		if err != nil {
			t.Fatal(err)
		}
		if d.Empty() {
			continue
		}
		figures = append(figures, d)
		names = append(names, d.Name)
		text := strings.Builder{}
		if err := d.Numbers().Markdown(&text); err != nil {
			t.Fatal(err)
		}
		words = append(words, d.Name+" on "+d.Place(), d.Headline(), d.Caption(), text.String())
	}
	if got := strings.Join(names, " "); got != "segments-models segments-versions" {
		t.Fatalf("figures %q", got)
	}
	golden(t, "testdata/segments-models.json", figures[0])
	golden(t, "testdata/segments-versions.json", figures[1])
	testkit.Golden(t, "testdata/segments.txt", strings.Join(words, "\n")+"\n")
}
