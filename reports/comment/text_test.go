package comment

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports"
	"coldstart/reports/figure"
	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// content is a comment on a session's figures beside the paper's.
func content(engine string, own, paper []*figure.Data) *Content {
	plan := result.Plan{Session: "2026-03-01-a", Engine: engine, Nodes: []result.Node{
		{Name: "n1", Declared: hardware.Hardware{CPU: hardware.CPU{Model: "AMD EPYC 9554", Sockets: 1, Cores: 64}, GPU: "H100 NVL"}},
		{Name: "n2", Declared: hardware.Hardware{CPU: hardware.CPU{Model: "AMD EPYC 9554", Sockets: 1, Cores: 64}, GPU: "L40S"}},
	}}
	return &Content{
		Workflow: "reproduce", Report: &reports.Report{Results: &result.Results{Plan: plan}, Figures: own}, Paper: paper,
		Run: "https://github.com/me/vllm/actions/runs/1", Artifacts: "https://github.com/me/vllm/actions/runs/1#artifacts",
	}
}

func trend(t *testing.T, number, title, points string) *figure.Data {
	t.Helper()
	return &figure.Data{
		Figure: number, Name: "figure" + number, Kind: figure.Trend, Title: title, Nodes: map[string]string{"": "n1"},
		Complete: true, YLabel: title + " (s)", Series: []figure.Series{testkit.Series(t, points)},
	}
}

func ratio(t *testing.T, number, points string) *figure.Data {
	t.Helper()
	return &figure.Data{
		Figure: number, Name: "figure" + number, Kind: figure.Ratio, Title: "GPU: n2 over n1", Nodes: map[string]string{"gpu0": "n1", "gpu1": "n2"},
		Complete: true, YLabel: "Normalized to node n1 values", Series: []figure.Series{testkit.Series(t, points)},
	}
}

func cores() *figure.Data {
	return &figure.Data{
		Figure: "12", Name: "figure12", Kind: figure.Heatmap, Title: "CPU usage by core", Nodes: map[string]string{"": "n1"},
		Complete: true, Heatmap: &figure.Samples{Interval: 0.1, Cores: [][]float64{{100, 50}, {0, 50}}},
	}
}

func releases(t *testing.T, points string) *figure.Data {
	t.Helper()
	d := trend(t, "1", "Start-up by release", points)
	d.Kind = figure.Bars
	for i := range d.Series[0].Points {
		d.Series[0].Points[i].Label += "\nFeb 24"
	}
	return d
}

func standIn(d *figure.Data) *figure.Data {
	d.StandIn = true
	d.Title += " (stand-in with random weights)"
	return d
}

// finding gives a session runs that missed the compile cache and waited for the hub.
func finding(c *Content) *Content {
	missed := phase.Finding{Name: "compile_cache_missed", Meaning: "graphs were compiled: keep the cache", Seconds: 8}
	waited := phase.Finding{Name: "hub_asked_again", Meaning: "the model hub was asked again", Seconds: 2}
	results := c.Report.Results
	results.Plan.Models = []result.Model{{Key: "qwen-0.5b", Label: "Qwen-0.5B"}}
	results.Plan.Sets = []result.Set{{Name: "models", Configurations: []result.Configuration{{ID: "qwen-0.5b", Model: "qwen-0.5b"}}}}
	results.Plan.Cells = []result.Cell{{ID: "figure4-n1", Set: "models"}}
	cell := &result.CellResult{}
	for i := range 3 {
		run := result.Run{Iteration: i + 1, Configuration: "qwen-0.5b", Findings: []phase.Finding{waited, missed}[:min(i, 2)]}
		run.Seconds.Set(phase.ActualTotalTime, 40)
		cell.Runs = append(cell.Runs, run)
	}
	results.Cells = map[string]*result.CellResult{"figure4-n1": cell}
	return c
}

func lacking(d *figure.Data, missing ...string) *figure.Data {
	d.Complete, d.Missing = false, missing
	return d
}

// The comments of whole sessions, as testdata has them to be read.
func TestText(t *testing.T) {
	const weights, profiling, total = "Qwen-0.5B 6.74±0.02/5, Llama2-7B 11.8±0.05/5", "Qwen-0.5B 0.66±0.003/5, Llama2-7B 0.8±0.004/5", "Load-Weights 1.01±0.01/11, total 0.99±0.005/11"
	paper := []*figure.Data{
		releases(t, "0.3.1 8.17/1, 0.4.0 8.27/1"), trend(t, "4", "Loading weights", weights), trend(t, "7", "KV cache profiling", profiling), ratio(t, "10", total),
	}
	other := trend(t, "7", "KV cache profiling", "Qwen-0.5B 0.75±0.003/5")
	other.Name, other.Nodes = "figure7-n2", map[string]string{"": "n2"}
	found := content("logs", []*figure.Data{trend(t, "4", "Loading weights", "Qwen-0.5B 6.76±0.03/5, Llama2-7B 11.83±0.06/5")}, paper)
	plan := &found.Report.Results.Plan
	plan.Session, plan.Nodes = "logs_of/"+strings.Repeat("somebody/", 20), []result.Node{{Name: "n1"}}
	found.Report.Results.Stamped = "stamped 02-09 16:09 to 02-13 10:22, year unknown"
	tests := map[string]*Content{
		"found": found,
		"replayed": finding(content("replay", []*figure.Data{
			releases(t, "0.3.1 8.17/1, 0.4.0 8.27/1"), trend(t, "4", "Loading weights", weights), ratio(t, "10", total), cores(),
		}, paper)),
		"measured": content("vllm", []*figure.Data{
			releases(t, "0.3.1 12.5/1, 0.4.0 12.6/1"), trend(t, "4", "Loading weights", "Qwen-0.5B 6.76±0.03/5, Llama2-7B 11.83±0.06/5"),
			trend(t, "7", "KV cache profiling", "Qwen-0.5B 0.6±0.003/5, Llama2-7B 0.72±0.004/5"), other, ratio(t, "10", "Load-Weights 1.02±0.01/11, total 1.1±0.005/11"),
		}, paper),
		"still":     content("vllm", []*figure.Data{trend(t, "4", "Loading weights", "Qwen-0.5B 6.76±0.03/5, Llama2-7B 11.83±0.06/5")}, paper),
		"findings":  finding(content("vllm", []*figure.Data{trend(t, "4", "Loading weights", weights)}, paper)),
		"stand-ins": content("vllm", []*figure.Data{standIn(trend(t, "4", "Loading weights", weights))}, paper),
		"incomplete": content("vllm", []*figure.Data{
			lacking(trend(t, "4", "Loading weights", "Qwen-0.5B 6.74±0.03/4"), "figure4-n1: qwen-0.5b has 4 of 5 iterations (iteration 3 failed)", "figure4-n1: llama2-7b has 0 of 5 iterations"),
			lacking(ratio(t, "10", ""), "figure10-gpu1-n2 was not measured"),
			trend(t, "15", "Storing compiled graphs", "Qwen-0.5B 12.24±0.2/5"),
		}, paper),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			text, err := c.Text()
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, c, text)
			testkit.Golden(t, filepath.Join("testdata", name+".md"), text)
		})
	}
}

func TestNothingPlanned(t *testing.T) {
	text, err := content("vllm", nil, nil).Text()
	if err != nil || !strings.Contains(text, "nothing to compare") {
		t.Errorf("error %v, text %q", err, text)
	}
}

// A grid of any size fits, keeps what leads, and says what it left out.
func TestLongGrids(t *testing.T) {
	tests := map[string]struct {
		figures, nodes, points, missing int
		long                            string // appended to every text
		want                            []string
	}{
		"all of it fits": {figures: 30, nodes: 4, points: 10, want: []string{"30 figures compared: **30 differ**", "```mermaid"}},
		"numbers go first": {figures: 300, nodes: 4, points: 12,
			want: []string{"**300 differ**", "* and 280 more, by less", "Left out for length: the numbers of ", "The report has 200 more.", "```mermaid", "Hardware"}},
		"then the hardware": {figures: 300, nodes: 150, points: 12, missing: 30, long: strings.Repeat(" and so on", 100),
			want: []string{"### coldstart: incomplete (300 of 300 figures)\n", "**300 differ**", "the hardware table", "The report has everything."}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := content("vllm", nil, nil)
			c.Report.Results.Plan.Nodes = make([]result.Node, test.nodes)
			for i := range test.nodes {
				c.Report.Results.Plan.Nodes[i].Name = fmt.Sprint("n", i+1, test.long)
			}
			for i := range test.figures {
				own, paper := manyPoints(i, test.points, 2, test.long), manyPoints(i, test.points, 1, test.long)
				for m := range test.missing {
					own = lacking(own, append(own.Missing, fmt.Sprint("cell ", m, " was not measured", test.long))...)
				}
				c.Report.Figures, c.Paper = append(c.Report.Figures, own), append(c.Paper, paper)
			}
			text, err := c.Text()
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, c, text)
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in %d bytes:\n%.3000s\n…\n%s", want, len(text), text, text[max(0, len(text)-300):])
				}
			}
			if left := strings.Contains(text, "Left out"); left != (test.figures > 30) {
				t.Errorf("left out: %v", left)
			}
		})
	}
}

func manyPoints(i, points int, mean float64, long string) *figure.Data {
	d := &figure.Data{Figure: fmt.Sprint(i + 1), Name: fmt.Sprint("figure", i+1), Kind: figure.Trend, Title: "Title" + long, YLabel: "s" + long, Complete: true, Series: make([]figure.Series, 1)}
	for p := range points {
		e := mean / 100
		d.Series[0].Points = append(d.Series[0].Points, figure.Point{Key: fmt.Sprint(p), Label: fmt.Sprint("Model-", p, long), Mean: mean, StdErr: &e, N: 5})
	}
	return d
}
