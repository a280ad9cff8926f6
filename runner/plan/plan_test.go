package plan_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

var session = plan.Session{Name: "s1", Engine: "replay", Iterations: 5}

// ownLab is the repository's own file: the paper's four nodes.
func ownLab(t *testing.T) *matrix.Matrix {
	t.Helper()
	lab, err := matrix.Load("../lab/paper.yaml", paper.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return lab
}

func parseLab(t *testing.T, yaml string) *matrix.Matrix {
	t.Helper()
	lab, err := matrix.Parse("lab.yaml", []byte(yaml), paper.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return lab
}

func makePlan(t *testing.T, lab *matrix.Matrix, selection plan.Selection) (*result.Plan, []string) {
	t.Helper()
	p, notes, err := plan.Make(lab, selection, session)
	if err != nil {
		t.Fatal(err)
	}
	return p, notes
}

// cells are a plan's, one a line: id, what it measures, and whose runs it shares.
func cells(p *result.Plan) (lines []string) {
	for _, c := range p.Cells {
		line := c.ID
		if c.Set != "" {
			line += " " + c.Set
		}
		if c.GPU != "" {
			line += " gpu" + string(c.GPU)
		}
		if c.Shares != "" {
			line += " = " + c.Shares
		}
		lines = append(lines, line)
	}
	return lines
}

// The paper's whole grid: nothing is measured twice, and the ids are what jobs
// and artifacts are called.
func TestFullGrid(t *testing.T) {
	p, notes := makePlan(t, ownLab(t), plan.Selection{Figures: "all"})
	count := fmt.Sprintf("%d nodes, %d models, %d sets, %d figures\n", len(p.Nodes), len(p.Models), len(p.Sets), len(p.Figures))
	testkit.Golden(t, "testdata/grid.txt", strings.Join(append(cells(p), count), "\n"))
	if len(notes) > 0 {
		t.Errorf("notes %q", notes)
	}
	if p.Schema != result.Schema || p.Session != "s1" || p.Engine != "replay" || p.Iterations != 5 {
		t.Errorf("made for %+v", p)
	}
}

// The same lab in the same session is the same plan, to the byte.
func TestMakeIsSteady(t *testing.T) {
	first, _ := makePlan(t, ownLab(t), plan.Selection{})
	for range 20 {
		again, _ := makePlan(t, ownLab(t), plan.Selection{Figures: "all"})
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("planned again (-first +again):\n%s", diff)
		}
	}
}

// figures are a plan's, one a line: name, title and axis title.
func figures(p *result.Plan) (lines []string) {
	for _, f := range p.Figures {
		lines = append(lines, f.Name+": "+f.Title+" | "+f.YLabel)
	}
	return lines
}

// A selection is laid out where the lab's file says, or on the nodes asked for.
func TestSelection(t *testing.T) {
	const gpus = `
default_node: n1
nodes: {n1: {}, n2: {}}
figures:
  7: {nodes: [n1, n2]}
  10: {roles: {gpu0: {node: n1, gpu: 0}, gpu1: {node: n1, gpu: 1}}}
  13: {roles: {case0: n1, case1: n1}}
`
	const rest = `
default_node: n1
nodes: {n1: {}, n2: {}}
figures: {3: {nodes: [n1]}, 7: {nodes: [n1]}, 17: {nodes: [n1]}}
`
	tests := []struct {
		name           string
		lab            *matrix.Matrix
		selection      plan.Selection
		cells, figures []string
		notes          []string
	}{
		{
			name: "a figure on the default node has a plain name", lab: ownLab(t), selection: plan.Selection{Figures: "7", Nodes: []string{"n1"}},
			cells:   []string{"figure7-n1 no-torch-compile", "hardware-n1"},
			figures: []string{"figure7: KV cache profiling | KV Cache Profiling Time (s)"},
		},
		{
			name: "a figure on another node bears its name", lab: ownLab(t), selection: plan.Selection{Figures: "7", Nodes: []string{"n2"}},
			cells:   []string{"figure7-n2 no-torch-compile", "hardware-n2"},
			figures: []string{"figure7-n2: KV cache profiling | KV Cache Profiling Time (s)"},
		},
		{
			name: "a figure on two nodes, one of them named twice", lab: ownLab(t), selection: plan.Selection{Figures: "figure7, 7", Nodes: []string{"n3", "n1", "n3"}},
			cells:   []string{"figure7-n3 no-torch-compile", "figure7-n1 no-torch-compile", "hardware-n1", "hardware-n3"},
			figures: []string{"figure7-n3: KV cache profiling | KV Cache Profiling Time (s)", "figure7: KV cache profiling | KV Cache Profiling Time (s)"},
		},
		{
			name: "the rest", lab: parseLab(t, rest), selection: plan.Selection{Figures: "rest", Nodes: []string{"n2"}},
			cells: []string{"figure3-n2 models", "figure17-n2 models = figure3-n2", "hardware-n2"},
			figures: []string{
				"figure3-n2: Tokenizer initialization | Tokenizer Initialization Time (s)",
				"figure17-n2: Predicted and measured start-up latency | vLLM's Startup Latency (s)",
			},
		},
		{
			name: "a comparison names its nodes", lab: ownLab(t), selection: plan.Selection{Figures: "10,13"},
			cells: []string{
				"figure10-gpu0-n1 baseline", "figure10-gpu1-n2 baseline", "figure13-case0-n1 baseline = figure10-gpu0-n1", "figure13-case1-n1 baseline-ssd",
				"hardware-n1", "hardware-n2", "hardware-n3", "hardware-n4",
			},
			figures: []string{"figure10: GPU: n2 over n1 | Normalized to node n1 values", "figure13: Weights from SSD over weights from DRAM | Normalized to DRAM loading"},
		},
		{
			name: "two GPUs of one node share no runs, and are told apart", lab: parseLab(t, gpus), selection: plan.Selection{},
			cells: []string{
				"figure7-n1 no-torch-compile", "figure7-n2 no-torch-compile", "figure10-gpu0-n1 baseline gpu0", "figure10-gpu1-n1 baseline gpu1",
				"figure13-case0-n1 baseline", "figure13-case1-n1 baseline-ssd", "hardware-n1", "hardware-n2",
			},
			figures: []string{
				"figure7: KV cache profiling | KV Cache Profiling Time (s)", "figure7-n2: KV cache profiling | KV Cache Profiling Time (s)",
				"figure10: GPU: n1 GPU 1 over n1 GPU 0 | Normalized to node n1 GPU 0 values", "figure13: Weights from SSD over weights from DRAM | Normalized to DRAM loading",
			},
		},
		{
			name: "of all figures, those that need another node are left out and noted", lab: parseLab(t, gpus), selection: plan.Selection{Figures: "all", Nodes: []string{"n2"}},
			cells:   []string{"figure7-n2 no-torch-compile", "hardware-n2"},
			figures: []string{"figure7-n2: KV cache profiling | KV Cache Profiling Time (s)"},
			notes: []string{
				"figure 10 is left out: it is measured on n1, but --nodes n2 leaves out n1",
				"figure 13 is left out: it is measured on n1, but --nodes n2 leaves out n1",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, notes := makePlan(t, test.lab, test.selection)
			if diff := cmp.Diff(test.cells, cells(p)); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.figures, figures(p)); diff != "" {
				t.Errorf("figures (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.notes, notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// A selection that cannot be laid out says what there is to choose from, or what
// to ask for.
func TestSelectionRefuses(t *testing.T) {
	without := parseLab(t, "default_node: n1\nnodes: {n1: {}, n2: {}}\nfigures: {7: {nodes: [n1]}, 10: {roles: {gpu0: n1, gpu1: n2}}}\n")
	tests := []struct {
		name      string
		lab       *matrix.Matrix
		selection plan.Selection
		want      string
	}{
		{"unknown figure", without, plan.Selection{Figures: "7,16"}, `there is no figure "16"; choose all, rest, or comma-separated numbers: 7,10`},
		{"a figure that this lab leaves out", without, plan.Selection{Figures: "8"}, `there is no figure "8"; choose all, rest, or comma-separated numbers: 7,10`},
		{"an empty item", without, plan.Selection{Figures: "7,"}, `there is no figure ""; choose all, rest, or comma-separated numbers: 7,10`},
		{"unknown node", ownLab(t), plan.Selection{Figures: "7", Nodes: []string{"n1", "n9"}}, `there is no node "n9"; the nodes are n1, n2, n3, n4`},
		{"a named comparison of which one side was not asked for", ownLab(t), plan.Selection{Figures: "11", Nodes: []string{"n1"}}, "figure 11 compares n1 and n3, but --nodes n1 leaves out n3; name both"},
		{"a named comparison on another node", ownLab(t), plan.Selection{Figures: "13", Nodes: []string{"n2", "n3"}}, "figure 13 is measured on n1, but --nodes n2,n3 leaves out n1; name it"},
		{"no rest in this lab", without, plan.Selection{Figures: "rest"}, "nothing is left to measure: hardware-matrix.yaml has none of the figures " + strings.Join(paper.Rest(), ", ")},
		{"nothing but comparisons", parseLab(t, "default_node: n1\nnodes: {n1: {}, n2: {}}\nfigures: {10: {roles: {gpu0: n1, gpu1: n2}}}\n"), plan.Selection{Nodes: []string{"n1"}}, "nothing is left to measure: figure 10 is left out: it compares n1 and n2, but --nodes n1 leaves out n2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := plan.Make(test.lab, test.selection, session)
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
		})
	}
}

// The job matrix is that of testdata/jobs.json: a job a cell, on the node's
// runner and whatever further labels the node has.
func TestJobs(t *testing.T) {
	lab := parseLab(t, "default_node: n1\nnodes: {n1: {labels: [gpu, rack-2]}, n2: {}}\nfigures: {7: {nodes: [n1]}, 10: {roles: {gpu0: n1, gpu1: n2}}}\n")
	p, _ := makePlan(t, lab, plan.Selection{})
	jobs, err := plan.Jobs(p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(jobs, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "testdata/jobs.json", string(got)+"\n")
	empty, err := plan.Jobs(&result.Plan{})
	if text, _ := json.Marshal(empty); err != nil || string(text) != `{"include":[]}` {
		t.Errorf("no cells: %s, %v", text, err)
	}
}

// A job may take a few times what its runs took in the paper, or a minute each
// where that is not known, besides the making of its environment; what measures
// nothing has time to begin and end.
func TestTimeouts(t *testing.T) {
	p, _ := makePlan(t, ownLab(t), plan.Selection{})
	p.Engine = "vllm"
	jobs, err := plan.Jobs(p)
	if err != nil {
		t.Fatal(err)
	}
	releases := 0.0 // seconds, each to warm up and once counted
	for _, r := range paper.Releases() {
		releases += 2 * r.InitializeEngine
	}
	known := map[string]int{
		"hardware-n1": 15,
		"figure1-n1":  45 + int(math.Ceil(4*releases/60)),
		"figure12-n1": 45 + 4*2,
	}
	took := map[string]float64{} // minutes, by set and node
	for _, m := range paper.Measurements() {
		seconds, _ := m.Seconds.Get(phase.ActualTotalTime)
		took[m.Set+m.Node] += seconds / 60
	}
	for i, job := range jobs.Include {
		if want, ok := known[job.Cell]; ok && job.TimeoutMinutes != want {
			t.Errorf("%s may take %d minutes, want %d", job.Cell, job.TimeoutMinutes, want)
		}
		if inPaper := took[p.Cells[i].Set+job.Node]; float64(job.TimeoutMinutes) < 2*inPaper {
			t.Errorf("%s may take %d minutes, and took %.0f in the paper", job.Cell, job.TimeoutMinutes, inPaper)
		}
	}
}

// Sharing saves time, as a sum over all recorded runs says as well.
func TestCosts(t *testing.T) {
	p, _ := makePlan(t, ownLab(t), plan.Selection{})
	p.Engine = "vllm"
	took := map[string]float64{} // seconds, by set and node
	for _, m := range paper.Measurements() {
		seconds, _ := m.Seconds.Get(phase.ActualTotalTime)
		took[m.Set+" "+m.Node] += seconds
	}
	for _, r := range paper.Releases() {
		took["versions n1"] += 2 * r.InitializeEngine
	}
	took["cpu-usage n1"] = 2 * 60 // which the paper has no times of
	alone, shared := map[string]float64{}, map[string]float64{}
	for _, cell := range p.Cells {
		seconds := took[cell.Set+" "+cell.Node]
		alone[cell.Node] += seconds
		if cell.Shares == "" {
			shared[cell.Node] += seconds
		}
	}
	costs := plan.Costs(p)
	for _, c := range costs {
		if math.Abs(c.Shared/shared[c.Node]-1) > 0.01 || math.Abs(c.Alone/alone[c.Node]-1) > 0.01 {
			t.Errorf("%s takes %.0f s, alone %.0f; the recorded runs add up to %.0f and %.0f", c.Node, c.Shared, c.Alone, shared[c.Node], alone[c.Node])
		}
		if c.Guessed > c.Shared {
			t.Errorf("%s: %+v", c.Node, c)
		}
	}
	all := plan.Total(costs)
	if saved := 1 - all.Shared/all.Alone; saved < 0.15 {
		t.Errorf("sharing saves %.0f %% of the time, want 15 at least", 100*saved)
	}
}

// What a rule saves lies between nothing and all but the fewest iterations, and grows
// with what it forgives.
func TestLikelyRuns(t *testing.T) {
	before := 0.0
	for _, within := range []float64{0.0001, 0.02, 0.05, 0.5} {
		p, _ := makePlan(t, ownLab(t), plan.Selection{})
		p.Engine, p.Iterations, p.Stop = "vllm", 3, &result.Stop{Within: within, Most: 20}
		cost, most := plan.Total(plan.Costs(p)), p.Runs(p.Cells...)
		p.Stop = nil
		if fewest := p.Runs(p.Cells...); cost.LikelyRuns < fewest || cost.LikelyRuns > most {
			t.Errorf("%d runs within %g, want %d to %d", cost.LikelyRuns, within, fewest, most)
		}
		saved := 1 - cost.Likely/cost.Shared
		if saved < before {
			t.Errorf("within %g saves %.2f, and a closer wish %.2f", within, saved, before)
		}
		before = saved
	}
	if before < 0.5 {
		t.Errorf("a rule that nearly always stops saves %.2f of the time", before)
	}
}

// A grid too large for one job matrix is refused with selections that fit one
// each and make the whole together, whatever the size of the lab.
func TestJobsSplit(t *testing.T) {
	proposal := regexp.MustCompile(`--figures ([0-9,]+)`)
	for _, nodes := range []int{15, 16, 17, 30, 60, 120, 127} {
		t.Run(fmt.Sprint(nodes, " nodes"), func(t *testing.T) {
			lab, selected := bigLab(t, nodes), plan.Selection{}
			p, _ := makePlan(t, lab, selected)
			_, err := plan.Jobs(p)
			if fits := len(p.Cells) <= plan.MostJobs; fits != (err == nil) {
				t.Fatalf("%d cells: %v", len(p.Cells), err)
			}
			if err == nil {
				return
			}
			if want := fmt.Sprintf("the grid has %d jobs, and GitHub allows 256; split it into --figures ", len(p.Cells)); !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error %q does not begin with %q", err, want)
			}
			var parts []string
			for _, match := range proposal.FindAllStringSubmatch(err.Error(), -1) {
				part, _ := makePlan(t, lab, plan.Selection{Figures: match[1]})
				if _, err := plan.Jobs(part); err != nil {
					t.Errorf("--figures %s: %v", match[1], err)
				}
				parts = append(parts, measuring(part)...)
			}
			if diff := cmp.Diff(measuring(p), parts); diff != "" {
				t.Errorf("cells (-whole +parts):\n%s", diff)
			}
		})
	}
}

// measuring are a plan's cells other than those of hardware.
func measuring(p *result.Plan) (ids []string) {
	for _, c := range p.Cells {
		if c.Figure != "" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// bigLab measures every figure without roles on every node, and the others on the
// first two.
func bigLab(t *testing.T, nodes int) *matrix.Matrix {
	t.Helper()
	var names, described []string
	for i := range nodes {
		names = append(names, fmt.Sprint("n", i))
		described = append(described, names[i]+": {}")
	}
	var figures []string
	for _, f := range paper.Figures() {
		if len(f.Roles) == 1 {
			figures = append(figures, fmt.Sprintf("  %s: {nodes: [%s]}", f.Number, strings.Join(names, ", ")))
			continue
		}
		second := names[1]
		if slices.Contains(f.Roles, "case0") {
			second = names[0]
		}
		figures = append(figures, fmt.Sprintf("  %s: {roles: {%s: %s, %s: %s}}", f.Number, f.Roles[0], names[0], f.Roles[1], second))
	}
	return parseLab(t, fmt.Sprintf("default_node: n0\nnodes: {%s}\nfigures:\n%s\n", strings.Join(described, ", "), strings.Join(figures, "\n")))
}

// A figure that alone is too large must be split by nodes.
func TestJobsSplitByNodes(t *testing.T) {
	p, _ := makePlan(t, bigLab(t, 140), plan.Selection{Figures: "7,8"})
	_, err := plan.Jobs(p)
	if want := "the grid has 420 jobs, and GitHub allows 256; split it into runs with fewer --nodes each"; err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}

// Of selected models alone: sets and figures without one are left out and named.
func TestOnly(t *testing.T) {
	p, notes := makePlan(t, ownLab(t), plan.Selection{Figures: "all", Models: []string{"qwen-4b", "llama3-3b"}})
	got := map[string][]string{}
	for _, set := range p.Sets {
		for _, c := range set.Configurations {
			got[set.Name] = append(got[set.Name], c.ID)
		}
	}
	want := map[string][]string{
		"breakdown": {"llama3-3b"}, "models": {"llama3-3b", "qwen-4b"}, "no-torch-compile": {"llama3-3b", "qwen-4b"},
		"baseline": {"llama3-3b", "qwen-4b"}, "baseline-ssd": {"llama3-3b", "qwen-4b"}, "no-compile-cache": {"llama3-3b", "qwen-4b"}, "cpu-usage": {"qwen-4b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configurations (-want +got):\n%s", diff)
	}
	for _, f := range p.Figures {
		if want := []string{"llama3-3b", "qwen-4b"}; f.Kind == "trend" && !slices.Equal(f.Models, want) {
			t.Errorf("figure %s shows %q, want %q", f.Number, f.Models, want)
		}
	}
	wantNotes := []string{
		"figure 1 is left out: its measurement set versions has none of the selected models",
		"figure 9 is left out: its measurement set graph-batch-sizes has none of the selected models",
		"figure 14 is left out: its measurement set loaders has none of the selected models",
	}
	if diff := cmp.Diff(wantNotes, notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	for selection, want := range map[string]plan.Selection{
		`the catalogue has no model "qwen"; it has qwen-0.5b, `: {Figures: "all", Models: []string{"qwen"}},
		"nothing is left to measure: figure 1 is left out":      {Figures: "1", Models: []string{"qwen-4b"}},
	} {
		if _, _, err := plan.Make(ownLab(t), want, session); err == nil || !strings.Contains(err.Error(), selection) {
			t.Errorf("%+v: %v", want, err)
		}
	}
}
