package measure_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/artifact"
	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
	"coldstart/runner/engine/replay"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// paperPlan is the paper's whole grid.
func paperPlan(t *testing.T) *result.Plan {
	t.Helper()
	lab, err := matrix.Load("../lab/paper.yaml", paper.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	p, notes, err := plan.Make(lab, plan.Selection{Figures: "all"}, plan.Session{Name: paper.Session, Date: paper.Date, Engine: replay.Name, Iterations: paper.Iterations})
	if err != nil || len(notes) > 0 {
		t.Fatalf("%v; notes %q", err, notes)
	}
	return p
}

// replayed is the paper's whole grid, measured by replaying and read from disk
// again.
func replayed(t *testing.T) *result.Results {
	t.Helper()
	session, root, _ := begin(t, paperPlan(t), &replay.Engine{})
	if incomplete, err := session.All(t.Context()); err != nil || incomplete {
		t.Fatalf("incomplete %t, error %v", incomplete, err)
	}
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// buildAll builds every figure of results by its number, without what names the
// session.
func buildAll(t *testing.T, results *result.Results) map[string]*figure.Data {
	t.Helper()
	all := map[string]*figure.Data{}
	for i := range results.Plan.Figures {
		data, err := figure.Build(results, &results.Plan.Figures[i])
		if err != nil {
			t.Fatal(err)
		}
		if !data.Complete {
			t.Errorf("figure %s is incomplete: %q", data.Figure, data.Missing)
		}
		data.Engine, data.Session = "", ""
		all[data.Figure] = data
	}
	return all
}

// stored is a figure's data as testdata/figures has it: of the heatmap only its
// size and two sums, which tell any sample that is elsewhere or otherwise.
type stored struct {
	*figure.Data
	Heatmap *heatmapSums `json:"heatmap,omitempty"`
}

type heatmapSums struct {
	Interval float64 `json:"interval_s"`
	Cores    int     `json:"cores"`
	Samples  int     `json:"samples"`
	Sum      float64 `json:"sum"`
	Weighted float64 `json:"weighted_sum"` // each sample by its place, counted through
}

func store(data *figure.Data) stored {
	if data.Heatmap == nil {
		return stored{Data: data}
	}
	sums := &heatmapSums{Interval: data.Heatmap.Interval, Cores: len(data.Heatmap.Cores), Samples: len(data.Heatmap.Cores[0])}
	place := 0.0
	for _, core := range data.Heatmap.Cores {
		for _, percent := range core {
			place++
			sums.Sum += percent
			sums.Weighted += place * percent
		}
	}
	short := *data
	short.Heatmap = nil
	return stored{Data: &short, Heatmap: sums}
}

// The whole way from the lab's file to the figures' numbers: the grid is planned,
// replayed, kept, read, averaged, and gives the data in testdata/figures.
func TestPaperFigures(t *testing.T) {
	results := replayed(t)
	want := []string{
		`baseline on n3: qwen-14b was recorded with arguments "", not "--max-model-len 16752"`,
		`baseline-ssd on n1: qwen-14b was recorded with arguments "", not "--max-model-len 16752"`,
	}
	if diff := cmp.Diff(want, results.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	all := buildAll(t, results)
	if stored, _ := filepath.Glob("testdata/figures/*.json"); !testkit.Updating() && len(all) != len(stored) {
		t.Errorf("%d figures, want %d", len(all), len(stored))
	}
	for number, data := range all {
		t.Run("figure "+number, func(t *testing.T) {
			path := filepath.Join("testdata/figures", "figure"+number+".json")
			testkit.GoldenJSON(t, path, store(data), cmpopts.EquateEmpty())
		})
	}
}

// Numbers that stand in the paper, to the two decimals that it prints.
func TestPublishedNumbers(t *testing.T) {
	all := buildAll(t, replayed(t))
	tests := []struct{ figure, series, key, want string }{
		{"10", "", "actual_total_time", "0.99"},
		{"10", "", "graph_capturing", "1.20"},
		{"11", "", "tokenizer_init", "2.63"},
		{"13", "", "load_weights", "14.82"},
		{"13", "", "actual_total_time", "1.85"},
		{"17", "Predicted", "falcon-11b", "68.71"},
		{"17", "Predicted", "gemma-7b", "43.78"},
		{"17", "Predicted", "llama3-3b", "30.07"},
		{"17", "Predicted", "mistral-7b", "47.10"},
		{"17", "Predicted", "qwen-7b", "46.18"},
		{"17", "Truth", "falcon-11b", "69.21"},
		{"17", "Truth", "gemma-7b", "53.50"},
		{"17", "Truth", "llama3-3b", "33.41"},
		{"17", "Truth", "mistral-7b", "48.94"},
		{"17", "Truth", "qwen-7b", "51.20"},
	}
	for _, test := range tests {
		if got := number(all[test.figure], test.series, test.key); got != test.want {
			t.Errorf("figure %s: %s %s is %s, in the paper %s", test.figure, test.series, test.key, got, test.want)
		}
	}
	sums := all["2"].Stack()
	if got := fmt.Sprintf("%.2f", sums.Steps); got != "20.95" {
		t.Errorf("figure 2: the steps make %s s, in the paper 20.95", got)
	}
}

func number(data *figure.Data, series, key string) string {
	for _, s := range data.Series {
		for _, p := range s.Points {
			if s.Name == series && p.Key == key {
				return fmt.Sprintf("%.2f", p.Mean)
			}
		}
	}
	return "missing"
}

// The authors' own logs give the same figures as their replay.
func TestArtifactAgreesWithReplay(t *testing.T) {
	dir := testkit.Artifact(t)
	results, err := artifact.Read(dir, paperPlan(t))
	if err != nil {
		t.Fatal(err)
	}
	want, got := buildAll(t, replayed(t)), buildAll(t, results)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-replay +artifact):\n%s", diff)
	}
}

// The replay says in every cell what it is, and keeps every start-up's log.
func TestReplayIsMarked(t *testing.T) {
	session, root, _ := begin(t, paperPlan(t), &replay.Engine{})
	if _, err := session.Cell(t.Context(), session.Plan.Cells[1]); err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Glob(filepath.Join(root, "cells/figure2-n1/logs/*/llama3-3b.log"))
	if want := session.Plan.Runs(session.Plan.Cells[1]); err != nil || len(logs) != want {
		t.Errorf("%d logs, want %d: %v", len(logs), want, err)
	}
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil || !bytes.HasPrefix(text, []byte("coldstart: replayed from the paper's recorded runs: ")) {
			t.Errorf("%s does not say that it is a replay: %v", log, err)
		}
	}
	results, _ := read(t, root)
	if cell := results.Cells["figure2-n1"]; cell == nil || cell.Engine != "replay" || cell.Session != "paper" {
		t.Errorf("the cell is %+v", cell)
	}
}
