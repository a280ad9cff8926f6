package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"coldstart/reports/compare"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/testkit"
	"coldstart/runner/lab"
)

// replayed measures figure 2's breakdown into a directory, by replay.
func replayed(t *testing.T, iterations string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	if got := coldstart(t, "reproduce", "--figures", "2", "--iterations", iterations, "--out", dir); got.code != exitDone {
		t.Fatal(got.err)
	}
	return dir
}

// changed is a copy of results, with a phase of every run multiplied, and in turns a
// thousandth more and less, so that no two sides are the same. With the paper's whole, so
// are the segments.
func changed(t *testing.T, dir string, p phase.Phase, factor float64) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "out")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(copied, "cells", "figure2-n1", "cell.json")
	var cell result.CellResult
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &cell)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i := range cell.Runs {
		run, factor := &cell.Runs[i], factor*(0.999+0.002*float64(i%2))
		seconds, _ := run.Seconds.Get(p)
		run.Seconds.Set(p, seconds*factor)
		for j := range run.Segments {
			if took := &run.Segments[j].Took; p == phase.ActualTotalTime {
				*took = time.Duration(float64(*took) * factor)
			}
		}
	}
	if text, err = json.Marshal(cell); err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return copied
}

func TestCompareExits(t *testing.T) {
	t.Parallel()
	before := replayed(t, "5")
	same, slower, faster := changed(t, before, phase.ActualTotalTime, 1), changed(t, before, phase.ActualTotalTime, 1.2), changed(t, before, phase.ActualTotalTime, 0.8)
	weights := changed(t, before, phase.LoadWeights, 2)
	once := replayed(t, "1")
	onceSlower := changed(t, once, phase.ActualTotalTime, 2)
	for _, test := range []struct {
		name, args string
		code       int
		out, err   string
	}{
		{"nothing differs", before + " " + same + " --fail-above 5%", exitDone, "\tsame within 5 %\n", ""},
		{"slower, and nobody asked", before + " " + slower, exitDone, "Deciding segments (*): 1 slower.", ""},
		{"slower", before + " " + slower + " --fail-above 5%", exitFailed, "", "regression: significantly slower than A, by more than 5 %:\n  breakdown on n1: Llama3-3B: time_to_ready 22.45 s → 26.9"},
		{"the percent sign left out", before + " " + slower + " --fail-above 5", exitFailed, "", "by more than 5 %"},
		{"slower by less than that", before + " " + slower + " --fail-above 25%", exitDone, "slower", ""},
		{"faster", before + " " + faster + " --fail-above 5%", exitDone, "Deciding segments (*): 1 faster.", ""},
		{"a phase of the paper that does not decide", before + " " + weights + " --fail-above 5% --phase init_engine", exitDone, "Other phases: 1 slower", ""},
		{"the paper's whole decides", before + " " + slower + " --fail-above 5% --phase actual_total_time", exitFailed, "", "actual_total_time 22.45 s → 26.9"},
		{"a phase that does", before + " " + weights + " --fail-above 5% --phase load_weights", exitFailed, "load_weights *\t", "load_weights 0.78 s → 1.56 s, +100.0"},
		{"all decide", before + " " + weights + " --fail-above 5% --phase all", exitFailed, "Deciding phases (*): 1 slower", "load_weights 0.78 s → 1.56 s, +100.0"},
		{"as JSON", before + " " + slower + " --fail-above 5% --json", exitFailed, `"verdict":"slower"`, "time_to_ready"},
		{"a limit that is not set", before + " " + slower + " --fail-above=", exitUsage, "", "--fail-above must be a percentage such as 5%, not empty"},
		{"one run only", once + " " + onceSlower + " --fail-above 5%", exitDone, "one run: no claim", ""},
		{"one run against five", before + " " + onceSlower + " --fail-above 5%", exitDone, "5+1", ""},
		{"with itself", before + " " + before, exitDone, "", "A and B contain the same runs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := coldstart(t, append([]string{"compare"}, strings.Fields(test.args)...)...)
			if got.code != test.code || !strings.Contains(got.out, test.out) || !strings.Contains(got.err, test.err) {
				t.Errorf("exit %d, want %d; output %q lacks %q, or errors %q lack %q", got.code, test.code, got.out, test.out, got.err, test.err)
			}
		})
	}
}

// A start-up that does not come up any more is no smaller loss than a slow one.
func TestCompareFailsOnWhatDoesNotComeUp(t *testing.T) {
	t.Parallel()
	before := filepath.Join(t.TempDir(), "out")
	if got := coldstart(t, "reproduce", "--figures", "13", "--out", before); got.code != exitDone {
		t.Fatal(got.err)
	}
	after := filepath.Join(t.TempDir(), "out")
	if err := os.CopyFS(after, os.DirFS(before)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(after, "cells", "figure13-case0-n1", "cell.json")
	text, _ := os.ReadFile(path)
	var cell result.CellResult
	if err := json.Unmarshal(text, &cell); err != nil {
		t.Fatal(err)
	}
	for i := range cell.Runs {
		if cell.Runs[i].Configuration == "yi-6b" {
			cell.Runs[i].Failed = "CUDA out of memory"
		}
	}
	text, _ = json.Marshal(cell)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	got := coldstart(t, "compare", before, after, "--fail-above", "5%")
	if got.code != exitFailed || !strings.Contains(got.err, "started in A, never in B:\n  baseline on n1: yi-6b: B failed to start in all of 5 runs: CUDA out of memory") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	if got := coldstart(t, "compare", before, after); got.code != exitDone || !strings.Contains(got.out, "yi-6b: B failed to start") {
		t.Errorf("exit %d: %s", got.code, got.out)
	}
}

func TestCompareWritesPictureAndNumbers(t *testing.T) {
	t.Parallel()
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		if got := coldstart(t, "compare", "paper", "paper", "--set", "baseline=baseline-ssd", "--out", dir); got.code != exitDone {
			t.Fatal(got.err)
		}
	}
	for _, name := range []string{"compare.pdf", "compare.json"} {
		a, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(filepath.Join(second, name)); string(a) != string(b) {
			t.Errorf("%s differs from one time to the next", name)
		}
	}
	var c compare.Comparison
	text, _ := os.ReadFile(filepath.Join(first, "compare.json"))
	if err := json.Unmarshal(text, &c); err != nil || len(c.Configurations) != 11 {
		t.Errorf("%d configurations in compare.json, want 11 (%v)", len(c.Configurations), err)
	}
}

// The paper's n1 is a machine, and somebody else's n1 another.
func TestCompareKnowsThePapersMachines(t *testing.T) {
	t.Parallel()
	own := replayed(t, "5")
	path := filepath.Join(own, "plan.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(text), `"H100 NVL"`, `"RTX 4090"`, 1)
	if err := os.WriteFile(path, []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	got := coldstart(t, "compare", "paper", own)
	if want := "breakdown on n1: another machine: its GPU is H100 NVL in A, RTX 4090 in B"; got.code != exitFailed || !strings.Contains(got.err, want) {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// Logs are compared by segments; with one a side, it is said what that cannot tell. A
// terminal of 80 columns shows the verdicts in a word, and a program reads lines with tabs.
func TestCompareLogs(t *testing.T) {
	t.Parallel()
	const logs, posted = "runner/testdata/logs/", "reports/phase/testdata/posted/"
	for name, test := range map[string]struct {
		columns int
		args    []string
	}{
		"compare-two-logs":    {120, []string{logs + "before/1.log", logs + "after/2.log"}},
		"compare-directories": {120, []string{logs + "before", logs + "after", "--fail-above", "5%"}},
		"compare-narrow":      {80, []string{logs + "before", logs + "after", "--phase", "all"}},
		"compare-pipe":        {0, []string{logs + "before", logs + "after"}},
		"compare-phases":      {120, []string{logs + "before", logs + "after", "--phase", "init_engine"}},
		"compare-failed":      {120, []string{logs + "before", posted + "crash-loop.log", "--fail-above", "5%"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := onScreen(t, test.columns, append([]string{"compare"}, test.args...)...)
			testkit.Golden(t, "runner/testdata/"+name+".txt", fmt.Sprintf("%s%sexit %d\n", got.out, got.err, got.code))
		})
	}
}

// half is a directory of the artifact's layout that has one role of figure 13.
func half(t *testing.T, role string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "figure-13"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(testkit.Artifact(t), "figure-13", role), filepath.Join(dir, "figure-13", role)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The recorded logs of figure 13: two cache policies are two experiments, unless
// one asks for both.
func TestCompareRecorded(t *testing.T) {
	t.Parallel()
	dram, ssd := half(t, "case0"), half(t, "case1")
	refused := coldstart(t, "compare", dram, ssd)
	if want := "measurement set baseline: only A has it\n  measurement set baseline-ssd: only B has it"; refused.code != exitFailed || !strings.Contains(refused.err, want) {
		t.Errorf("exit %d: %s", refused.code, refused.err)
	}
	asked := coldstart(t, "compare", dram, ssd, "--set", "baseline=baseline-ssd", "--fail-above", "5%")
	if asked.code != exitFailed || !strings.Contains(asked.out, "page cache: kept → dropped before every run") || !strings.Contains(asked.out, "Deciding segments (*): 11 slower.") {
		t.Errorf("exit %d: %s%s", asked.code, asked.out, asked.err)
	}
	replayed := coldstart(t, "compare", "paper", dram, "--set", "baseline", "--fail-above", "1%")
	if replayed.code != exitDone || !strings.Contains(replayed.err, "A and B contain the same runs") ||
		!strings.Contains(replayed.out, "engine: replay → logs") ||
		!strings.Contains(replayed.out, "B  "+dram+": from logs, not measured by coldstart · stamped 02-16 ") {
		t.Errorf("exit %d: %s%s", replayed.code, replayed.out, replayed.err)
	}
}

// The noise of the paper's own runs, drawn at random into two sides: a difference
// is claimed in no more than one of twenty cases, of five runs a side and of three.
// It is fewer, because configurations do not spread alike.
func TestPaperAgainstItself(t *testing.T) {
	t.Parallel()
	paper, err := lab.Paper()
	if err != nil {
		t.Fatal(err)
	}
	const trials, bound = 1500, 0.05 + 3*0.0057
	for _, p := range []phase.Phase{phase.ActualTotalTime, phase.LoadWeights, phase.GetModelInfo, phase.TokenizerInit} {
		deviations := deviationsOf(paper, p)
		if len(deviations) < 300 {
			t.Fatalf("%v: %d values", p, len(deviations))
		}
		for _, n := range []int{3, 5} {
			r := rand.New(rand.NewPCG(6, uint64(n)))
			claims := 0
			for range trials {
				c, err := compare.Results(drawn(r, n, p, deviations), drawn(r, n, p, deviations), compare.Options{Phases: []result.Quantity{result.OfPhase(p)}})
				if err != nil {
					t.Fatal(err)
				}
				if v := c.Configurations[0].Phases[0].Verdict; v == compare.Slower || v == compare.Faster {
					claims++
				}
			}
			if rate := float64(claims) / trials; rate > bound {
				t.Errorf("%v, %d runs a side: a difference is claimed in %.1f %% of all cases", p, n, 100*rate)
			}
		}
	}
}

// deviationsOf are the runs' values of a phase over the mean of their own
// configuration.
func deviationsOf(r *result.Results, p phase.Phase) (all []float64) {
	for _, planned := range r.Plan.Cells {
		cell := r.Cells[planned.ID]
		if cell == nil {
			continue
		}
		for _, c := range r.Plan.Set(planned.Set).Configurations {
			var runs []phase.Times
			for _, run := range cell.Runs {
				if run.Configuration == c.ID && run.Counts() {
					runs = append(runs, run.Seconds)
				}
			}
			values := stat.Values(runs, p)
			if len(values) < 2 {
				continue
			}
			mean := stat.Summarize(values).Mean
			for _, v := range values {
				all = append(all, v/mean)
			}
		}
	}
	return all
}

// drawn is a result set of one configuration with runs drawn from values.
func drawn(r *rand.Rand, n int, p phase.Phase, values []float64) *result.Results {
	cell := result.Cell{ID: "cell", Node: "n1", Set: "set"}
	found := &result.CellResult{Cell: cell}
	for i := range n {
		run := result.Run{Iteration: i + 1, Configuration: "c"}
		run.Seconds.Set(p, values[r.IntN(len(values))])
		found.Runs = append(found.Runs, run)
	}
	return &result.Results{
		Plan:  result.Plan{Engine: "replay", Cells: []result.Cell{cell}, Sets: []result.Set{{Name: "set", Configurations: []result.Configuration{{ID: "c", Model: "m"}}}}},
		Cells: map[string]*result.CellResult{"cell": found},
	}
}

// Real start-ups, measured in turns: one against itself, of which nothing may be said
// to differ, and two with nothing compiled that they could find.
func TestCompareExamples(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b    string
		phases  int
		differs []string
		slower  []string
	}{
		{a: "h200/start", b: "h200/again", phases: 17},
		{
			a: "h200/cached", b: "h200/uncached", phases: 16,
			differs: []string{"environment: vllm-0.20.2-aot-off → vllm-0.20.2-no-cache", `TORCHINDUCTOR_FORCE_DISABLE_CACHES: not set → "1"`, `VLLM_DISABLE_COMPILE_CACHE: not set → "1"`},
			slower:  []string{"torch.compile", "init_engine", "total_time", "actual_total_time", "initialize_engine"},
		},
		{
			a: "cpu/cached", b: "cpu/uncached", phases: 11,
			differs: []string{"environment: warm → no-cache", `TORCHINDUCTOR_FORCE_DISABLE_CACHES: not set → "1"`, `VLLM_DISABLE_COMPILE_CACHE: not set → "1"`},
			slower:  []string{"init_engine", "actual_total_time", "initialize_engine"},
		},
	} {
		t.Run(test.b, func(t *testing.T) {
			const examples = "reports/examples/"
			got := coldstart(t, "compare", examples+test.a, examples+test.b, "--json")
			if got.code != exitDone {
				t.Fatal(got.err)
			}
			var c compare.Comparison
			if err := json.Unmarshal([]byte(got.out), &c); err != nil {
				t.Fatal(err)
			}
			var differs []string
			for _, f := range c.Differs {
				differs = append(differs, f.String())
			}
			if !slices.Equal(differs, test.differs) {
				t.Errorf("the sides differ in %q", differs)
			}
			if len(c.Configurations) != 1 || len(c.Configurations[0].Phases) != test.phases {
				t.Fatalf("compared %+v", c.Configurations)
			}
			var slower []string
			for _, p := range c.Configurations[0].Phases {
				switch p.Verdict {
				case compare.Slower:
					slower = append(slower, p.Phase)
				case compare.Faster, compare.Untested:
					t.Errorf("%s: %s", p.Phase, p.Verdict)
				}
			}
			if !slices.Equal(slower, test.slower) {
				t.Errorf("slower are %v, want %v", slower, test.slower)
			}
		})
	}
}

// The recorded runs that package compare simulates with are the paper's.
func TestRecordedNoise(t *testing.T) {
	t.Parallel()
	paper, err := lab.Paper()
	if err != nil {
		t.Fatal(err)
	}
	recorded := struct {
		Source   string                              `json:"source"`
		Machines map[string]map[string][]phase.Times `json:"machines"`
	}{"the runs that the paper's authors recorded, set baseline, seconds", map[string]map[string][]phase.Times{}}
	for _, node := range []string{"n1", "n3"} {
		recorded.Machines[node] = map[string][]phase.Times{}
		for _, configuration := range paper.Plan.Set("baseline").Configurations {
			recorded.Machines[node][configuration.ID] = countedOn(paper, node, configuration.ID)
		}
	}
	text, err := json.Marshal(recorded)
	if err != nil {
		t.Fatal(err)
	}
	oneRunALine := strings.NewReplacer("},{", "},\n{", "[{", "[\n{", `],"`, "],\n\"")
	testkit.Golden(t, "reports/compare/testdata/recorded.json", oneRunALine.Replace(string(text))+"\n")
}

// countedOn are the runs of a configuration in the set baseline on a node.
func countedOn(r *result.Results, node, configuration string) []phase.Times {
	for _, planned := range r.Plan.Cells {
		if cell := r.Cell(planned.ID); planned.Set == "baseline" && planned.Node == node && cell != nil {
			return cell.Counted(configuration)
		}
	}
	return nil
}
