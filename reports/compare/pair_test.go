package compare

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/reports/testkit"
)

// session is a result set of one cell: baseline on n1, of two models, three
// counted runs each around so many seconds.
func session(name string, seconds float64) *result.Results {
	plan := result.Plan{
		Schema: result.Schema, Session: name, Engine: "vllm", Iterations: 3,
		Nodes: []result.Node{{Name: "n1", Declared: hardware.Hardware{CPU: hardware.CPU{Model: "AMD EPYC 9354", Sockets: 1, Cores: 32}, GPU: "H100 NVL", Platform: hardware.Platform{Kernel: "6.1.0-40-amd64"}}}},
		Models: []result.Model{
			{Key: "qwen-4b", Label: "Qwen-4B", Repository: "Qwen/Qwen1.5-4B"},
			{Key: "yi-6b", Label: "Yi-6B", Repository: "01-ai/Yi-6B"},
		},
		Sets: []result.Set{{Name: "baseline", Variables: map[string]string{"VLLM_USE_V1": "1"}, Configurations: []result.Configuration{
			{ID: "qwen-4b", Model: "qwen-4b"},
			{ID: "yi-6b_max-model-len_4096", Model: "yi-6b", Args: []result.Arg{{Name: "max-model-len", Value: "4096"}}},
		}}},
		Cells: []result.Cell{{ID: "figure13-case0-n1", Figure: "13", Role: "case0", Node: "n1", Set: "baseline"}},
	}
	cell := &result.CellResult{Schema: result.Schema, Session: name, Engine: "vllm", Cell: plan.Cells[0]}
	for iteration := range 4 {
		for i, c := range plan.Sets[0].Configurations {
			run := result.Run{Iteration: iteration, Configuration: c.ID, Release: "0.10.1.1"}
			load := 1.5 + float64(i) + 0.01*float64(iteration)
			run.Seconds.Set(phase.LoadWeights, load)
			run.Seconds.Set(phase.InitEngine, seconds-load-2)
			run.Seconds.Set(phase.ActualTotalTime, seconds+0.1*float64(iteration))
			if iteration == 0 {
				run.Seconds.Set(phase.ActualTotalTime, 10*seconds) // a warm-up, which must not count
			}
			cell.Runs = append(cell.Runs, run)
		}
	}
	return &result.Results{Plan: plan, Cells: map[string]*result.CellResult{cell.Cell.ID: cell}}
}

func cellOf(r *result.Results) *result.CellResult { return r.Cells["figure13-case0-n1"] }

// outcome is a comparison as a few lines: what differs, what is compared, and what
// is not.
func outcome(c *Comparison) string {
	var lines []string
	for _, f := range c.Differs {
		lines = append(lines, "differs "+f.String())
	}
	for _, configuration := range c.Configurations {
		line := fmt.Sprintf("compared %s: %s", configuration.Place(), configuration.Label)
		if configuration.StandIn != strings.Contains(configuration.Label, "(stand-in)") {
			line += ", whose label does not say what it is"
		}
		lines = append(lines, line)
	}
	for _, l := range c.LeftOut {
		lines = append(lines, map[bool]string{true: "lost ", false: "left out "}[l.Failed]+l.String())
	}
	for _, w := range c.AllWarnings() {
		lines = append(lines, "warning "+w)
	}
	return strings.Join(lines, "\n")
}

// setUp has all runs of a side set up in one way.
func setUp(r *result.Results, s phase.Setup) {
	cell := cellOf(r)
	for i := range cell.Runs {
		cell.Runs[i].Setup = cell.KeepSetup(&s)
	}
}

// standIn makes the runs of a model those of one with random weights.
func standIn(r *result.Results, model int) {
	cell := cellOf(r)
	for i := range cell.Runs {
		if run := &cell.Runs[i]; strings.HasPrefix(run.Configuration, r.Plan.Models[model].Key) {
			run.StandIn = true
		}
	}
}

const both = "compared baseline on n1: Qwen-4B\ncompared baseline on n1: Yi-6B --max-model-len 4096"

// What is compared, what differs on purpose, and what must not be compared.
func TestWhatIsCompared(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(a, b *result.Results)
		want   string
	}{
		{"the same", func(a, b *result.Results) {}, both},
		{"other environments", func(a, b *result.Results) {
			cellOf(a).Environments = []result.InstalledEnvironment{{Name: "paper", Python: "3.12.3", SHA256: "a", Packages: []result.Package{{Name: "numpy", Version: "2.2.6"}, {Name: "torch", Version: "2.7.1"}}}}
			cellOf(b).Environments = []result.InstalledEnvironment{{Name: "nightly", Python: "3.12.3", SHA256: "b", Packages: []result.Package{{Name: "numpy", Version: "2.2.6"}, {Name: "torch", Version: "2.11.0", Source: "https://wheels.example/torch.whl"}, {Name: "triton", Version: "3.4"}}}}
		}, "differs environment: paper → nightly\ndiffers torch: 2.7.1 → 2.11.0 from https://wheels.example/torch.whl\ndiffers triton: none → 3.4\n" + both},
		{"the same environment by another name", func(a, b *result.Results) {
			cellOf(a).Environments = []result.InstalledEnvironment{{Name: "paper", SHA256: "a"}}
			cellOf(b).Environments = []result.InstalledEnvironment{{Name: "no-cache", SHA256: "a"}}
		}, "differs environment: paper → no-cache\n" + both},
		{"the same environment with other variables", func(a, b *result.Results) {
			cellOf(a).Environments = []result.InstalledEnvironment{{Name: "paper", SHA256: "a", Variables: map[string]string{"OMP_NUM_THREADS": "8", "VLLM_NO_USAGE_STATS": "1"}}}
			cellOf(b).Environments = []result.InstalledEnvironment{{Name: "paper", SHA256: "a", Variables: map[string]string{"OMP_NUM_THREADS": "4", "VLLM_NO_USAGE_STATS": "1", "VLLM_DISABLE_COMPILE_CACHE": "1"}}}
		}, `differs OMP_NUM_THREADS: "8" → "4"` + "\n" + `differs VLLM_DISABLE_COMPILE_CACHE: not set → "1"` + "\n" + both},
		{"an environment only one side names", func(a, b *result.Results) { b.Plan.Environment = "nightly" },
			"differs environment: unknown → nightly\n" + both},
		{"one environment, which only one side asked for by its name", func(a, b *result.Results) {
			b.Plan.Environment = "nightly"
			for _, side := range []*result.Results{a, b} {
				cellOf(side).Environments = []result.InstalledEnvironment{{Name: "nightly", SHA256: "a"}}
			}
		}, both},
		{"environments mixed on one side", func(a, b *result.Results) {
			cellOf(b).Environments = []result.InstalledEnvironment{{Name: "old", SHA256: "a"}, {Name: "new", SHA256: "b"}}
		}, "nothing: baseline on n1: qwen-4b: B: its runs come from 2 environments (old, new), which cannot be averaged"},
		{"environments of the configurations' own", func(_, b *result.Results) {
			cellOf(b).Environments = []result.InstalledEnvironment{{Name: "old", SHA256: "a"}, {Name: "new", SHA256: "b"}}
			for i := range cellOf(b).Runs {
				run := &cellOf(b).Runs[i]
				run.Environment = map[string]int{"qwen-4b": 1}[run.Configuration] + 1
			}
		}, "differs environment: unknown → new, old\n" + both},
		{"another setup of the engine", func(a, b *result.Results) {
			setUp(a, phase.Setup{Start: phase.Spawned, Sampler: "PyTorch", Config: "model='x', seed=0, compilation_config={\"level\":3}"})
			setUp(b, phase.Setup{Start: phase.Forked, Config: "model='y', seed=0, compilation_config={\"level\":2}"})
		}, "differs engine process: spawned → forked\ndiffers compilation_config.level: 3 → 2\n" + both},
		{"a setup that only one side tells", func(_, b *result.Results) { setUp(b, phase.Setup{Start: phase.Forked}) }, both},
		{"other variables of a configuration", func(_, b *result.Results) {
			b.Plan.Sets[0].Configurations[0].Variables = map[string]string{"VLLM_ATTENTION_BACKEND": "FLASHINFER"}
		}, "compared baseline on n1: Yi-6B --max-model-len 4096\n" +
			"left out baseline on n1: qwen-4b: only A has it: B has no such model with the same arguments and variables\n" +
			"left out baseline on n1: qwen-4b: only B has it"},
		{"another release", func(a, b *result.Results) {
			for i := range cellOf(b).Runs {
				cellOf(b).Runs[i].Release = "0.20.2"
			}
		}, "differs release: 0.10.1.1 → 0.20.2\n" + both},
		{"releases mixed on one side", func(a, b *result.Results) { cellOf(a).Runs[2].Release = "0.9.0" },
			"compared baseline on n1: Yi-6B --max-model-len 4096\nleft out baseline on n1: qwen-4b: A has runs of several releases (0.10.1.1, 0.9.0), which cannot be averaged"},
		{"another engine", func(a, b *result.Results) { a.Plan.Engine = "replay" }, "differs engine: replay → vllm\n" + both},
		{"another node", func(a, b *result.Results) { b.Plan.Cells[0].Node = "n2" },
			"nothing: baseline on n1: B has it on n2 only"},
		{"another GPU of the node", func(a, b *result.Results) { a.Plan.Cells[0].GPU, b.Plan.Cells[0].GPU = "0", "1" },
			"nothing: baseline on GPU 0 of n1: B has it on GPU 1 of n1 only"},
		{"the same GPU of the node", func(a, b *result.Results) { a.Plan.Cells[0].GPU, b.Plan.Cells[0].GPU = "1", "1" },
			strings.ReplaceAll(both, "on n1", "on n1, GPU 1")},
		{"another machine of the same name", func(a, b *result.Results) {
			cellOf(b).Probed = &hardware.Probe{CPU: hardware.ProbedCPU{CPU: hardware.CPU{Model: "AMD EPYC 9354 32-Core Processor", Sockets: 1, Cores: 32}}, GPUs: []hardware.GPU{{Name: "NVIDIA L40S"}}}
		}, "nothing: baseline on n1: another machine: its GPU is H100 NVL in A, NVIDIA L40S in B"},
		{"the same machine with another kernel", func(a, b *result.Results) { b.Plan.Nodes[0].Declared.Kernel = "6.12.0" },
			"differs Kernel of n1: 6.1.0-40-amd64 → 6.12.0\n" + both},
		{"a machine that nobody describes", func(a, b *result.Results) { b.Plan.Nodes = nil },
			both + "\nwarning A or B does not record what machine n1 is; it was matched by name"},
		{"a stand-in for one model", func(a, b *result.Results) { standIn(b, 0) },
			"compared baseline on n1: Yi-6B --max-model-len 4096\nleft out baseline on n1: qwen-4b: the original in A, a stand-in with random weights in B"},
		{"a stand-in the other way", func(a, b *result.Results) { standIn(a, 0) },
			"compared baseline on n1: Yi-6B --max-model-len 4096\nleft out baseline on n1: qwen-4b: a stand-in with random weights in A, the original in B"},
		{"stand-ins on both sides", func(a, b *result.Results) { standIn(a, 0); standIn(b, 0) },
			strings.Replace(both, "Qwen-4B", "Qwen-4B (stand-in)", 1)},
		{"a stand-in and the original on one side", func(a, b *result.Results) { standIn(a, 0); standIn(b, 0); cellOf(b).Runs[2].StandIn = false },
			"compared baseline on n1: Yi-6B --max-model-len 4096\nleft out baseline on n1: qwen-4b: a stand-in with random weights in A, the original and a stand-in mixed in B"},
		{"the same mixture on both sides", func(a, b *result.Results) {
			for _, r := range []*result.Results{a, b} {
				standIn(r, 0)
				cellOf(r).Runs[2].StandIn = false
			}
		}, "compared baseline on n1: Yi-6B --max-model-len 4096\nleft out baseline on n1: qwen-4b: the original and a stand-in mixed in A, the original and a stand-in mixed in B"},
		{"a stand-in that does not come up", func(a, b *result.Results) {
			standIn(b, 0)
			for i := range cellOf(b).Runs {
				if run := &cellOf(b).Runs[i]; run.StandIn {
					run.Failed = "CUDA out of memory"
				}
			}
		}, "compared baseline on n1: Yi-6B --max-model-len 4096\nleft out baseline on n1: qwen-4b: the original in A, a stand-in with random weights in B"},
		{"another model of the same key", func(a, b *result.Results) { b.Plan.Models[0].Repository = "me/qwen-4b-tuned" },
			"compared baseline on n1: Yi-6B --max-model-len 4096\nleft out baseline on n1: qwen-4b: another model: Qwen/Qwen1.5-4B in A, me/qwen-4b-tuned in B"},
		{"other arguments", func(a, b *result.Results) { b.Plan.Sets[0].Configurations[1].Args[0].Value = "8192" },
			"compared baseline on n1: Qwen-4B\nleft out baseline on n1: yi-6b_max-model-len_4096: only A has it: B has no such model with the same arguments and variables\nleft out baseline on n1: yi-6b_max-model-len_4096: only B has it"},
		{"another cache policy", func(a, b *result.Results) { b.Plan.Sets[0].DropPageCache = true },
			"nothing: measurement set baseline: the set differs between A and B: page cache: kept → dropped before every run"},
		{"another start", func(a, b *result.Results) { b.Plan.Sets[0].Start = result.Serve },
			"nothing: measurement set baseline: the set differs between A and B: start: engine only → served; only start-ups of one kind are compared: measure both engine only, or both served"},
		{"another variable", func(a, b *result.Results) { b.Plan.Sets[0].Variables["VLLM_DISABLE_COMPILE_CACHE"] = "1" },
			`nothing: measurement set baseline: the set differs between A and B: variable VLLM_DISABLE_COMPILE_CACHE: not set → "1"`},
		{"another set", func(a, b *result.Results) { b.Plan.Sets[0].Name, b.Plan.Cells[0].Set = "baseline-ssd", "baseline-ssd" },
			"nothing: measurement set baseline: only A has it; measurement set baseline-ssd: only B has it"},
		{"nothing measured", func(a, b *result.Results) { b.Cells = nil }, "nothing: measurement set baseline: only A has it"},
		{"what one side could not measure", func(a, b *result.Results) { cellOf(b).Runs, cellOf(b).Error = nil, "no such model folder" },
			"nothing: measurement set baseline: only A has it; B failed to measure it: no such model folder"},
		{"what neither side could measure", func(a, b *result.Results) {
			cellOf(a).Runs, cellOf(a).Error, cellOf(b).Runs, cellOf(b).Error = nil, "no such model folder", nil, "not root"
		}, "nothing: measurement set baseline: neither side has it; A failed to measure it: no such model folder; B failed to measure it: not root"},
		{"what only B tried to measure", func(a, b *result.Results) {
			a.Plan.Sets, a.Cells, cellOf(b).Runs, cellOf(b).Error = nil, nil, nil, "not root"
		}, "nothing: measurement set baseline: neither side has it; B failed to measure it: not root"},
		{"one that does not come up any more", func(a, b *result.Results) {
			for i := range cellOf(b).Runs {
				if run := &cellOf(b).Runs[i]; run.Configuration == "qwen-4b" {
					run.Failed = "CUDA out of memory"
				}
			}
		}, "compared baseline on n1: Yi-6B --max-model-len 4096\nlost baseline on n1: qwen-4b: B failed to start in all of 3 runs: CUDA out of memory"},
		{"one that sometimes does not come up", func(a, b *result.Results) { cellOf(b).Runs[2].Failed = "CUDA out of memory" },
			both + "\nwarning baseline on n1: Qwen-4B: B failed to start in 1 of 3 runs: CUDA out of memory"},
		{"what A was interrupted before", func(a, b *result.Results) { cellOf(a).Runs, cellOf(a).Error = cellOf(a).Runs[:2], "interrupted" },
			"nothing: baseline on n1: qwen-4b: A has no counted run: interrupted; baseline on n1: yi-6b_max-model-len_4096: A has no counted run: interrupted"},
		{"what B was interrupted in", func(a, b *result.Results) { cellOf(b).Runs, cellOf(b).Error = cellOf(b).Runs[:7], "interrupted" },
			both + "\nwarning baseline on n1: Qwen-4B and 1 other: the measurement of B was cut short: interrupted"},
		{"a phase that one side does not log", func(a, b *result.Results) {
			for i := range cellOf(a).Runs {
				cellOf(a).Runs[i].Seconds.Set(phase.GraphCapturing, 1)
			}
		}, both + "\nwarning baseline on n1: Qwen-4B and 1 other: only A logs graph_capturing"},
		{"the same runs", func(a, b *result.Results) { b.Cells = a.Cells },
			both + "\nwarning A and B contain the same runs: a result set is compared with itself"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := session("a", 20), session("b", 21)
			test.change(a, b)
			c, err := Results(a, b, Options{NameA: "before", NameB: "after"})
			var nothing *NothingError
			got := ""
			switch {
			case errors.As(err, &nothing):
				var all []string
				for _, l := range nothing.LeftOut {
					all = append(all, l.String())
				}
				got = "nothing: " + strings.Join(all, "; ")
			case err != nil:
				t.Fatal(err)
			default:
				got = outcome(c)
			}
			if want := test.want; got != want && !(strings.HasPrefix(want, "nothing") && strings.HasPrefix(got, want)) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// Two sessions one after the other differ in more than what is compared, and the
// summary says so; not of one session, nor of two that were measured in turns.
func TestTwoSessions(t *testing.T) {
	noon := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	for _, test := range []struct {
		name               string
		sessionB           string
		beginB, endA, endB time.Time
		want               bool
	}{
		{"one session", "a", at(0), at(60), at(60), false},
		{"in turns", "b", at(1), at(60), at(59), false},
		{"one after the other", "b", at(61), at(60), at(120), true},
		{"no times, as in the paper's artifact", "b", time.Time{}, time.Time{}, time.Time{}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := session("a", 20), session(test.sessionB, 21)
			a.Plan.Date, b.Plan.Date = noon, test.beginB
			cellOf(a).Finished, cellOf(b).Finished = test.endA, test.endB
			c, err := Results(a, b, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(strings.Join(c.Summary(), "\n"), "A and B are two sessions"); got != test.want {
				t.Errorf("says that they are two sessions: %v, want %v", got, test.want)
			}
		})
	}
}

// Runs that cells share count once, wherever a layout has put copies of them; a
// configuration's come from the cell that has the most.
func TestSharedRunsCountOnce(t *testing.T) {
	a, b := session("a", 20), session("b", 21)
	copied := *cellOf(a)
	copied.Cell.ID = "figure10-gpu0-n1"
	few := copied
	few.Cell.ID, few.Runs = "figure2-n1", copied.Runs[:4]
	a.Cells[copied.Cell.ID], a.Cells[few.Cell.ID] = &copied, &few
	a.Plan.Cells = append([]result.Cell{
		{ID: few.Cell.ID, Node: "n1", Set: "baseline"},
		{ID: copied.Cell.ID, Node: "n1", Set: "baseline", Shares: few.Cell.ID},
	}, a.Plan.Cells...)
	c, err := Results(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, configuration := range c.Configurations {
		for _, p := range configuration.Phases {
			if p.A.N != 3 || p.B.N != 3 {
				t.Errorf("%s, %v: %d and %d runs, want 3 and 3", configuration.ID, p.Phase, p.A.N, p.B.N)
			}
			if p.A.Mean > 30 {
				t.Errorf("%s, %v: the warm-up counts: %v s", configuration.ID, p.Phase, p.A.Mean)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		err     string
	}{
		{"a set of neither", Options{Sets: []SetPair{{"baselin", "baseline"}}}, `A has no runs of a measurement set "baselin"; it has baseline`},
		{"a set of A alone", Options{Sets: []SetPair{{"baseline", "models"}}}, `B has no runs of a measurement set "models"; it has baseline`},
		{"a phase of neither", Options{NameA: "x", NameB: "y", Phases: []result.Quantity{result.OfPhase(phase.GraphCapturing)}}, "x and y do not both have graph_capturing, which was chosen to decide"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Results(session("a", 20), session("b", 21), test.options); err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("got %v, want %q", err, test.err)
			}
		})
	}
}

func TestWhatDecides(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		want    string
	}{
		{"the whole start-up", Options{}, "actual_total_time actual_total_time"},
		{"a phase", Options{Phases: []result.Quantity{result.OfPhase(phase.LoadWeights)}}, "load_weights load_weights"},
		{"all", Options{Every: true}, "load_weights init_engine actual_total_time load_weights init_engine actual_total_time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := Results(session("a", 20), session("b", 21), test.options)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, p := range c.phases(func(p *Phase) bool { return p.Decides }) {
				names = append(names, p.Phase)
			}
			if got := strings.Join(names, " "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// The limit is crossed by what decides and is significant, and by nothing else.
func TestRegressions(t *testing.T) {
	for _, test := range []struct {
		name  string
		b     float64 // seconds; A has 20
		above float64
		want  int
	}{
		{"slower by 10 %", 22, 0.05, 2},
		{"slower by 10 %, and more is allowed", 22, 0.2, 0},
		{"slower by 3 %", 20.6, 0.05, 0},
		{"faster", 18, 0.05, 0},
		{"equal", 20, 0.05, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := Results(session("a", 20), session("b", test.b), Options{Margin: test.above})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Regressions(test.above); len(got) != test.want {
				t.Errorf("got %d, want %d: %v", len(got), test.want, got)
			}
		})
	}
}

// A comparison in full, as text and as JSON.
func TestGolden(t *testing.T) {
	a, b := session("20261101T120000Z", 20), session("20261102T120000Z", 21.5)
	b.Plan.Environment = "nightly"
	standIn(b, 1)
	for i := range cellOf(a).Runs {
		cellOf(a).Runs[i].Seconds.Set(phase.TokenizerInit, 0.25)
		cellOf(b).Runs[i].Seconds.Set(phase.TokenizerInit, 0.26)
		cellOf(b).Runs[i].Seconds.Set(phase.LoadWeights, 1.5+0.3*float64(i%3))
	}
	c, err := Results(a, b, Options{NameA: "before", NameB: "after"})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	lines(&text, []string{c.Answer.Sentence})
	lines(&text, c.Heading())
	if err := c.Table().Terminal(&text, table.Screen{}); err != nil {
		t.Fatal(err)
	}
	lines(&text, c.Summary())
	lines(&text, []string{outcome(c)})
	testkit.Golden(t, "testdata/comparison.txt", text.String())
	numbers, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "testdata/comparison.json", string(numbers)+"\n")
}

func lines(b *strings.Builder, all []string) {
	for _, line := range all {
		b.WriteString(line + "\n")
	}
}

// Of many configurations, the table has what decides and what differs.
func TestManyConfigurations(t *testing.T) {
	a, b := session("a", 20), session("b", 20)
	for _, r := range []*result.Results{a, b} {
		set := &r.Plan.Sets[0]
		for i := range 4 {
			key := fmt.Sprintf("model-%d", i)
			set.Configurations = append(set.Configurations, result.Configuration{ID: key, Model: key})
			for iteration := range 3 {
				run := cellOf(r).Runs[2*(iteration+1)]
				run.Configuration = key
				cellOf(r).Runs = append(cellOf(r).Runs, run)
			}
		}
	}
	c, err := Results(a, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rows := c.Table().Rows; len(rows) != 6 || len(c.phases(func(*Phase) bool { return true })) != 18 {
		t.Errorf("%d rows of %d phases, want the 6 that decide of 18", len(rows), len(c.phases(func(*Phase) bool { return true })))
	}
}
