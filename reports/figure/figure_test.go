package figure_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/phase"
	"coldstart/reports/predict"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// lab is a plan without figures: three models, measured twice each, and the sets
// that the kinds of figures need.
func lab() result.Plan {
	return result.Plan{
		Schema: result.Schema, Session: "s1", Engine: "vllm", Iterations: 2,
		Models: []result.Model{
			{Key: "small", Label: "Small", SizeB: 1, TokenizerMB: 5, CompiledGraphKB: 700, WeightsGiB: 2},
			{Key: "medium", Label: "Medium", SizeB: 4, TokenizerMB: 2, CompiledGraphKB: 900, WeightsGiB: 8},
			{Key: "large", Label: "Large", SizeB: 13, TokenizerMB: 2, CompiledGraphKB: 1100, WeightsGiB: 26},
		},
		Sets: []result.Set{
			{Name: "models", Configurations: []result.Configuration{{ID: "large", Model: "large"}, {ID: "medium", Model: "medium"}, {ID: "small", Model: "small"}}},
			{Name: "one", Configurations: []result.Configuration{{ID: "small", Model: "small"}}},
			{Name: "sizes", Configurations: []result.Configuration{
				{ID: "small_sizes_16", Model: "small", BatchSizes: 5}, {ID: "small_sizes_8", Model: "small", BatchSizes: 4}, {ID: "small_sizes_1", Model: "small", BatchSizes: 3},
			}},
			{Name: "lengths", Configurations: []result.Configuration{
				{ID: "small_4096", Model: "small", Args: []result.Arg{{Name: "max-model-len", Value: "4096"}}},
				{ID: "small_256", Model: "small", Args: []result.Arg{{Name: "max-model-len", Value: "256"}}},
			}},
			{Name: "loaders", Configurations: []result.Configuration{
				{ID: "small_safetensors", Model: "small", Args: []result.Arg{{Name: "load-format", Value: "safetensors"}}},
				{ID: "small_tensorizer", Model: "small", Args: []result.Arg{{Name: "load-format", Value: "tensorizer"}}},
				{ID: "large_safetensors", Model: "large", Args: []result.Arg{{Name: "load-format", Value: "safetensors"}}},
			}},
			{Name: "versions", Releases: true, Iterations: 1, Configurations: []result.Configuration{
				{ID: "small_vllm-0.3.1", Model: "small", Release: "0.3.1", Released: "Feb 24"},
				{ID: "small_vllm-0.4.0", Model: "small", Release: "0.4.0", Released: "Apr 24"},
			}},
			{Name: "cores", SampleCPU: true, Iterations: 1, Configurations: []result.Configuration{{ID: "small", Model: "small"}}},
		},
	}
}

// A measured cell: its runs, one a line, as "iteration configuration" and then
// either phases or the word failed. The cell's ID is "cell-" and its role.
type measured struct {
	role, set string
	runs      string
	reason    string // why there are no runs, or not all
	missing   bool   // there is no result at all
	usage     *result.CPUUsage
}

func resultsOf(t *testing.T, spec *result.Figure, cells []measured) *result.Results {
	t.Helper()
	results := &result.Results{Plan: lab(), Cells: map[string]*result.CellResult{}}
	spec.Nodes, spec.Cells = map[string]string{}, map[string]string{}
	for _, m := range cells {
		cell := result.Cell{ID: "cell-" + m.role, Figure: spec.Number, Role: m.role, Node: "n1", Set: m.set}
		spec.Roles = append(spec.Roles, m.role)
		spec.Nodes[m.role], spec.Cells[m.role] = cell.Node, cell.ID
		results.Plan.Cells = append(results.Plan.Cells, cell)
		if !m.missing {
			results.Cells[cell.ID] = &result.CellResult{Cell: cell, Runs: parseRuns(t, m.runs), Error: m.reason, Usage: m.usage}
		}
	}
	return results
}

func parseRuns(t *testing.T, text string) (runs []result.Run) {
	t.Helper()
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		iteration, err := strconv.Atoi(words[0])
		if err != nil {
			t.Fatal(err)
		}
		run := result.Run{Iteration: iteration, Configuration: words[1]}
		for _, word := range words[2:] {
			name, value, measured := strings.Cut(word, "=")
			if !measured {
				run.Failed = word
				continue
			}
			p, err := phase.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			run.Seconds.Set(p, seconds)
		}
		runs = append(runs, run)
	}
	return runs
}

// Each case gives the figure in testdata/CASE.json.
func TestBuild(t *testing.T) {
	tests := []struct {
		name     string // of the golden file
		spec     result.Figure
		cells    []measured
		headline string // none if there is nothing to draw
	}{
		{
			name:     "trend",
			headline: "2.00 s (Small) to 6.00 s (Large), r = 0.97",
			spec:     trend("size_b"),
			cells: []measured{{set: "models", runs: `
				0 small  load_weights=9
				0 medium load_weights=9
				0 large  load_weights=9
				1 small  load_weights=1
				1 medium load_weights=2
				1 large  load_weights=5
				2 small  load_weights=3
				2 medium load_weights=2
				2 large  load_weights=7`}},
		},
		{
			name:     "trend-equal-x-by-size",
			headline: "1.00 s (Small) to 5.00 s (Large), r = -0.69",
			spec:     trend("tokenizer_mb"),
			cells:    []measured{{set: "models", runs: bothIterations("large load_weights=5", "medium load_weights=2", "small load_weights=1")}},
		},
		{
			name:     "trend-one-x-no-fit",
			headline: "2.00 s (Medium) to 5.00 s (Large)",
			spec:     result.Figure{Number: "3", Name: "figure3", Kind: "trend", Metric: result.OfPhase(phase.LoadWeights), X: "tokenizer_mb", Models: []string{"large", "medium"}},
			cells:    []measured{{set: "models", runs: bothIterations("large load_weights=5", "medium load_weights=2", "small load_weights=1")}},
		},
		{
			name:     "trend-excluded-from-fit",
			headline: "1.00 s (Small) to 99.00 s (Medium), r = 1.00",
			spec: result.Figure{Number: "7", Name: "figure7", Kind: "trend", Metric: result.OfPhase(phase.LoadWeights), X: "size_b", Models: []string{"small", "medium", "large"},
				ExcludedFit: []string{"medium", "small-that-was-not-measured"}},
			cells: []measured{{set: "models", runs: bothIterations("large load_weights=5", "medium load_weights=99", "small load_weights=1")}},
		},
		{
			name:     "trend-model-not-in-set",
			headline: "1.00 s (Small)",
			spec:     result.Figure{Number: "7", Name: "figure7", Kind: "trend", Metric: result.OfPhase(phase.LoadWeights), X: "size_b", Models: []string{"small", "huge"}},
			cells:    []measured{{set: "models", runs: bothIterations("small load_weights=1")}},
		},
		{
			name:     "trend-one-iteration-missing",
			headline: "2.00 s (Small) to 5.00 s (Large), r = 0.97",
			spec:     trend("size_b"),
			cells: []measured{{set: "models", runs: `
				0 small  load_weights=1
				0 medium load_weights=2
				0 large  failed
				1 small  load_weights=1
				1 medium load_weights=2
				1 large  load_weights=5
				2 small  load_weights=3
				2 medium load_weights=2`}},
		},
		{
			name:     "trend-interrupted",
			headline: "1.50 s (Small) to 5.00 s (Large), r = 0.99",
			spec:     trend("size_b"),
			cells: []measured{{set: "models", reason: "interrupted", runs: `
				0 small  load_weights=1
				0 medium load_weights=2
				0 large  load_weights=5
				1 small  load_weights=1
				1 medium load_weights=2
				1 large  load_weights=5
				2 small  load_weights=2`}},
		},
		{
			name:     "trend-interrupted-beyond-what-was-planned",
			headline: "1.00 s (Small) to 5.00 s (Large), r = 1.00",
			spec:     trend("size_b"),
			cells:    []measured{{set: "models", reason: "interrupted", runs: bothIterations("small load_weights=1", "medium load_weights=2", "large load_weights=5")}},
		},
		{
			name:     "trend-failed-runs",
			headline: "2.00 s, all alike",
			spec:     trend("size_b"),
			cells: []measured{{set: "models", runs: `
				1 small  load_weights=1
				1 medium load_weights=2 out-of-memory
				1 large  failed
				2 small  load_weights=3
				2 medium load_weights=2
				2 large  failed`}},
		},
		{
			name:     "trend-phase-not-logged",
			headline: "1.00 s (Small) to 5.00 s (Large), r = 1.00",
			spec:     trend("size_b"),
			cells:    []measured{{set: "models", runs: bothIterations("small load_weights=1", "medium model_init=1", "large load_weights=5")}},
		},
		{
			name:     "trend-all-alike-no-fit",
			headline: "1.00 s, all alike",
			spec:     trend("size_b"),
			cells:    []measured{{set: "models", runs: bothIterations("small load_weights=1", "medium load_weights=1", "large load_weights=1")}},
		},
		{
			name:  "trend-cell-missing",
			spec:  trend("size_b"),
			cells: []measured{{set: "models", missing: true}},
		},
		{
			name:  "trend-cell-refused",
			spec:  trend("size_b"),
			cells: []measured{{set: "models", reason: "the paper recorded no runs of models on n1"}},
		},
		{
			name:     "trend-batch-sizes",
			headline: "0.50 s (3) to 1.50 s (5), r = 1.00",
			spec:     result.Figure{Number: "9", Name: "figure9", Kind: "trend", Metric: result.OfPhase(phase.GraphCapturing), X: "batch_sizes", Models: []string{"small"}},
			cells:    []measured{{set: "sizes", runs: bothIterations("small_sizes_1 graph_capturing=0.5", "small_sizes_8 graph_capturing=1", "small_sizes_16 graph_capturing=1.5")}},
		},
		{
			name:     "ratio",
			headline: "total ×1.50, most in Load Weights, ×1.67",
			spec:     ratio(),
			cells: []measured{
				{role: "case0", set: "models", runs: bothIterations("small load_weights=1 tokenizer_init=4 actual_total_time=10", "medium load_weights=2 tokenizer_init=1 actual_total_time=10", "large load_weights=5 actual_total_time=20")},
				{role: "case1", set: "models", runs: bothIterations("small load_weights=3 tokenizer_init=1 actual_total_time=20", "medium load_weights=2 tokenizer_init=1 actual_total_time=15", "large load_weights=5 actual_total_time=20")},
			},
		},
		{
			name:     "ratio-models-and-steps-on-one-side",
			headline: "total ×2.00, most in Load Weights, ×3.00",
			spec:     ratio(),
			cells: []measured{
				{role: "case0", set: "models", runs: bothIterations("small load_weights=1 tokenizer_init=4", "large load_weights=0 actual_total_time=10")},
				{role: "case1", set: "models", runs: bothIterations("small load_weights=3", "medium tokenizer_init=1", "large load_weights=5 actual_total_time=20")},
			},
		},
		{
			name: "ratio-side-missing",
			spec: ratio(),
			cells: []measured{
				{role: "case0", set: "models", runs: bothIterations("small load_weights=1", "medium load_weights=1", "large load_weights=1")},
				{role: "case1", set: "models", missing: true},
			},
		},
		{
			name:     "stack",
			headline: "steps 4.00 s, 50 % of them CPU-dominant; steps not logged: 1",
			spec:     stack(),
			cells: []measured{{set: "one", runs: `
				1 small load_weights=1 kv_cache_profiling=2
				2 small load_weights=3 kv_cache_profiling=2`}},
		},
		{
			name:     "stack-rest",
			headline: "8.00 s start-up; steps 4.00 s, 50 % of them CPU-dominant; 50 % in no step; steps not logged: 1",
			spec:     stack(),
			cells: []measured{{set: "one", runs: `
				1 small load_weights=1 kv_cache_profiling=2 actual_total_time=7
				2 small load_weights=3 kv_cache_profiling=2 actual_total_time=9`}},
		},
		{
			name:     "stack-little-rest",
			headline: "4.40 s start-up; steps 4.00 s, 50 % of them CPU-dominant; 9 % in no step; steps not logged: 1",
			spec:     stack(),
			cells: []measured{{set: "one", runs: `
				1 small load_weights=1 kv_cache_profiling=2 actual_total_time=3.4
				2 small load_weights=3 kv_cache_profiling=2 actual_total_time=5.4`}},
		},
		{
			name:     "stack-overlapping-steps",
			headline: "3.00 s start-up; steps 4.00 s, 50 % of them CPU-dominant; steps overlap by 1.00 s; steps not logged: 1",
			spec:     stack(),
			cells: []measured{{set: "one", runs: `
				1 small load_weights=1 kv_cache_profiling=2 actual_total_time=2
				2 small load_weights=3 kv_cache_profiling=2 actual_total_time=4`}},
		},
		{
			name:  "stack-missing",
			spec:  stack(),
			cells: []measured{{set: "one", runs: "1 small failed\n2 small failed"}},
		},
		{
			name:     "bars-one-release-missing",
			headline: "at most 8.17 s (0.3.1), last 8.17 s (0.3.1)",
			spec:     result.Figure{Number: "1", Name: "figure1", Kind: "bars", Metric: result.OfPhase(phase.InitializeEngine)},
			cells: []measured{{set: "versions", runs: `
				0 small_vllm-0.3.1 initialize_engine=20
				1 small_vllm-0.3.1 initialize_engine=8.17`}},
		},
		{
			name:     "bars-configurations",
			headline: "1.00 s (Small, sizes 1) to 5.00 s (Small, sizes 16)",
			spec: result.Figure{
				Number: "mine", Name: "figure-mine", Kind: "bars", Metric: result.OfPhase(phase.LoadWeights), Models: []string{"small"},
			},
			cells: []measured{{set: "sizes", runs: bothIterations(
				"small_sizes_16 load_weights=5", "small_sizes_8 load_weights=3", "small_sizes_1 load_weights=1")}},
		},
		{
			name:     "trend-over-argument",
			headline: "1.00 s (256) to 3.00 s (4096), r = 1.00",
			spec:     ofSmall(trend("max-model-len")),
			cells: []measured{{set: "lengths", runs: bothIterations(
				"small_4096 load_weights=3", "small_256 load_weights=1")}},
		},
		{
			name:     "groups-by-argument",
			headline: "1.00 s (Small) to 3.00 s (Small)",
			spec: result.Figure{
				Number: "mine", Name: "figure-mine", Kind: "groups", Metric: result.OfPhase(phase.LoadWeights),
				Models: []string{"small", "large"}, By: "max-model-len", Series: []string{"256", "4096"},
			},
			cells: []measured{{set: "lengths", runs: bothIterations(
				"small_4096 load_weights=3", "small_256 load_weights=1")}},
		},
		{
			name:  "trend-x-unknown",
			spec:  trend("batch_sizes"),
			cells: []measured{{set: "models", runs: bothIterations("small load_weights=1", "medium load_weights=1", "large load_weights=1")}},
		},
		{
			name:     "stack-one-of-its-set",
			headline: "steps 3.00 s, 100 % of them CPU-dominant; steps not logged: 2",
			spec:     ofSmall(stack()),
			cells:    []measured{{set: "models", runs: bothIterations("small load_weights=3", "large load_weights=9")}},
		},
		{
			name:     "groups-one-loader-missing",
			headline: "3.00 s (Small) to 7.00 s (Large)",
			spec:     result.Figure{Number: "14", Name: "figure14", Kind: "groups", Metric: result.OfPhase(phase.ModelLoading), Models: []string{"large", "small"}, Series: []string{"safetensors", "tensorizer", "runai_streamer"}},
			cells: []measured{{set: "loaders", runs: `
				1 small_safetensors model_loading=2
				1 large_safetensors model_loading=6
				2 small_safetensors model_loading=4
				2 large_safetensors model_loading=8`}},
		},
		{
			name:     "heatmap",
			headline: "2 cores over 0.3 s, 0.7 cores busy on average",
			spec:     result.Figure{Number: "12", Name: "figure12", Kind: "heatmap"},
			cells:    []measured{{set: "cores", usage: &result.CPUUsage{Interval: 0.1, Samples: [][]float64{{0, 10}, {50, 20}, {100, 30}}}}},
		},
		{
			name:  "heatmap-missing",
			spec:  result.Figure{Number: "12", Name: "figure12", Kind: "heatmap"},
			cells: []measured{{set: "cores", runs: "1 small load_weights=1"}},
		},
		{
			name:     "prediction",
			headline: "published method off by 13.41 s (31.9 %); cross-validated off by 1.01 s (2.4 %)",
			spec:     prediction(),
			cells: []measured{{set: "models", runs: bothIterations(
				"small  framework_bootstrap=8 tokenizer_init=1   model_init=0.5 load_weights=1 dynamo_transform_time=3 graph_compile_cached=2 kv_cache_profiling=1 graph_capturing=1.5 actual_total_time=18",
				"medium framework_bootstrap=8 tokenizer_init=0.4 model_init=0.5 load_weights=2 dynamo_transform_time=4 graph_compile_cached=3 kv_cache_profiling=2 graph_capturing=4.5 actual_total_time=25",
				"large  framework_bootstrap=8 tokenizer_init=0.4 model_init=0.5 load_weights=5 dynamo_transform_time=5 graph_compile_cached=4 kv_cache_profiling=5 graph_capturing=13.5 actual_total_time=42")}},
		},
		{
			name:  "prediction-cell-missing",
			spec:  prediction(),
			cells: []measured{{set: "models", missing: true}},
		},
		{
			name:  "prediction-too-few-models",
			spec:  prediction(),
			cells: []measured{{set: "models", runs: bothIterations("small framework_bootstrap=8 tokenizer_init=1", "large actual_total_time=42")}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data, err := figure.Build(resultsOf(t, &test.spec, test.cells), &test.spec)
			if err != nil {
				t.Fatal(err)
			}
			if empty := test.headline == ""; data.Empty() != empty {
				t.Errorf("nothing to draw: %t, want %t", data.Empty(), empty)
			}
			if got := data.Headline(); got != test.headline {
				t.Errorf("headline %q, want %q", got, test.headline)
			}
			golden(t, filepath.Join("testdata", test.name+".json"), data)
		})
	}
}

func trend(x string) result.Figure {
	return result.Figure{
		Number: "4", Name: "figure4", Kind: "trend", Title: "Loading weights", Metric: result.OfPhase(phase.LoadWeights), X: x,
		XLabel: "X", YLabel: "Loading Weights Time (s)", Models: []string{"small", "medium", "large"},
	}
}

// ofSmall shows the small model alone.
func ofSmall(f result.Figure) result.Figure {
	f.Models = []string{"small"}
	return f
}

func ratio() result.Figure {
	return result.Figure{
		Number: "13", Name: "figure13", Kind: "ratio",
		Steps: []result.Step{{Phase: phase.TokenizerInit, Label: "Tokenizer Init"}, {Phase: phase.LoadWeights, Label: "Load Weights"}, {Phase: phase.ActualTotalTime, Label: "Total Time"}},
	}
}

func stack() result.Figure {
	return result.Figure{
		Number: "2", Name: "figure2", Kind: "stack",
		Steps: []result.Step{{Phase: phase.TokenizerInit, Label: "Tokenizer", Resource: "CPU"}, {Phase: phase.LoadWeights, Label: "Weights", Resource: "CPU"}, {Phase: phase.KVCacheProfiling, Label: "KV Cache", Resource: "GPU"}},
	}
}

// prediction learns from all but the large model and predicts that.
func prediction() result.Figure {
	return result.Figure{Number: "17", Name: "figure17", Kind: "prediction", Models: []string{"large"}, LeftOut: []string{"large"}}
}

// bothIterations are runs that came out the same twice.
func bothIterations(runs ...string) string {
	return "1 " + strings.Join(runs, "\n1 ") + "\n2 " + strings.Join(runs, "\n2 ")
}

func golden(t *testing.T, path string, data *figure.Data) {
	t.Helper()
	got, err := json.Marshal(data) // which refuses NaN
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got, []byte("null")) {
		t.Errorf("null for a list or a number: %s", got)
	}
	testkit.GoldenJSON(t, path, data)
}

// A plan that makes no sense is an error that says where.
func TestBuildRefuses(t *testing.T) {
	runs := bothIterations("small load_weights=1", "medium load_weights=1", "large load_weights=1")
	tests := []struct {
		name  string
		spec  result.Figure
		cells []measured
		want  string
	}{
		{"unknown kind", result.Figure{Number: "18", Kind: "pie"}, nil, `figure 18: no figures of kind "pie" exist`},
		{"unknown set", trend("size_b"), []measured{{set: "none"}}, `cell cell-: the plan has no measurement set "none"`},
		{"no metric", result.Figure{Number: "4", Kind: "trend"}, []measured{{set: "models"}}, "figure 4: a trend shows a metric, and the plan names none"},
		{"unknown x", trend("colour"), []measured{{set: "models", runs: runs}}, `figure 4: unknown x "colour"`},
		{"a ratio of one side", ratio(), []measured{{role: "case0", set: "models", runs: runs}}, "figure 13: a ratio compares two sides"},
		{"a stack of three models", stack(), []measured{{set: "models", runs: runs}}, "figure 2: a stack shows one configuration; set models has 3"},
		{"a step without a phase", result.Figure{Number: "2", Kind: "stack", Steps: []result.Step{{Label: "Tea"}}}, []measured{{set: "one", runs: runs}}, `figure 2: step "Tea" has no phase`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := figure.Build(resultsOf(t, &test.spec, test.cells), &test.spec)
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
		})
	}
	spec := trend("size_b")
	results := resultsOf(t, &spec, []measured{{set: "models"}})
	spec.Cells[""] = "nowhere"
	if _, err := figure.Build(results, &spec); err == nil || err.Error() != `figure 4: the plan has no cell "nowhere" for side ""` {
		t.Errorf("a cell that is not in the plan: %v", err)
	}
}

// A figure's place is its node, or a node a side.
func TestPlace(t *testing.T) {
	for want, nodes := range map[string]map[string]string{
		"n1":               {"": "n1"},
		"gpu0 n1, gpu1 n2": {"gpu1": "n2", "gpu0": "n1"},
		"n1, n2":           {"n2": "n2", "n1": "n1"},
	} {
		data := figure.Data{Nodes: nodes}
		if got := data.Place(); got != want {
			t.Errorf("%v: %q, want %q", nodes, got, want)
		}
	}
}

// A predictor learns from the models that figure 17 does not leave out, and that
// were measured.
func TestTrainingSamples(t *testing.T) {
	spec := prediction()
	results := resultsOf(t, &spec, []measured{{set: "models", runs: bothIterations("small load_weights=1", "large load_weights=5")}})
	samples, _, err := figure.TrainingSamples(results, &spec, predict.Published)
	if err != nil || len(samples) != 1 || samples[0].Model.SizeB != 1 {
		t.Errorf("samples %+v, %v; want the small model's", samples, err)
	}
	spec.Cells[""] = "nowhere"
	if _, _, err := figure.TrainingSamples(results, &spec, predict.Published); err == nil {
		t.Error("samples of a cell that is not in the plan")
	}
}
