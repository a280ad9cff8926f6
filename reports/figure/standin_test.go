package figure_test

import (
	"slices"
	"strings"
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/phase"
	"coldstart/reports/result"
)

const threeModels = `
1 large load_weights=5
1 medium load_weights=2
1 small load_weights=1
2 large load_weights=6
2 medium load_weights=3
2 small load_weights=1`

// buildWith builds a trend of three models, of which some are stand-ins.
func buildWith(t *testing.T, standIns ...string) *figure.Data {
	t.Helper()
	spec := result.Figure{Number: "4", Kind: "trend", Title: "Loading", Metric: result.OfPhase(phase.LoadWeights), X: "size_b", Models: []string{"large", "medium", "small"}}
	results := resultsOf(t, &spec, []measured{{set: "models", runs: threeModels}})
	for _, cell := range results.Cells {
		for i := range cell.Runs {
			cell.Runs[i].StandIn = slices.Contains(standIns, cell.Runs[i].Configuration)
		}
	}
	data, err := figure.Build(results, &spec)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func keys(d *figure.Data) string {
	var all []string
	for _, p := range d.Series[0].Points {
		all = append(all, p.Key)
	}
	return strings.Join(all, " ")
}

// A figure of stand-ins says so; beside an original a stand-in is left out, and
// that it is missing is said.
func TestStandIns(t *testing.T) {
	if d := buildWith(t); d.StandIn || d.Title != "Loading" || !d.Complete {
		t.Errorf("originals: %+v", d)
	}
	if d := buildWith(t, "large", "medium", "small"); !d.StandIn || d.Title != "Loading (stand-in with random weights)" || !d.Complete || keys(d) != "small medium large" {
		t.Errorf("stand-ins: %+v", d)
	}
	d := buildWith(t, "medium")
	if d.StandIn || d.Complete || keys(d) != "small large" {
		t.Errorf("one stand-in: %+v", d)
	}
	if got := strings.Join(d.Missing, "\n"); !strings.Contains(got, "medium has 0 of 2 iterations (iteration 1 used a stand-in and is left out beside originals") {
		t.Errorf("missing: %s", got)
	}
}
