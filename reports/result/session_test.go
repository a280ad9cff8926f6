package result_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/reports/testkit"
)

// sameTimes compares phases, whose fields are not exported.
var sameTimes = cmp.Comparer(func(a, b phase.Times) bool { return a == b })

// smallPlan has one figure with two models on n1, and n1's hardware.
func smallPlan(session string) *result.Plan {
	return &result.Plan{
		Schema: result.Schema, Session: session, Date: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), Engine: "vllm", Iterations: 1,
		Nodes:  []result.Node{{Name: "n1", Labels: []string{"gpu"}, Declared: hardware.Hardware{GPU: "H100", CPU: hardware.CPU{Model: "EPYC", Sockets: 1, Cores: 32}}}},
		Models: []result.Model{{Key: "alpha", Label: "Alpha", Repository: "lab/alpha", SizeB: 1}, {Key: "beta", Label: "Beta", Repository: "lab/beta", SizeB: 2}},
		Sets: []result.Set{{
			Name: "models", Variables: map[string]string{"VLLM_LOGGING_LEVEL": "DEBUG"},
			Configurations: []result.Configuration{
				{ID: "alpha", Model: "alpha", BatchSizes: 67},
				{ID: "beta_max-model-len_4096", Model: "beta", Args: []result.Arg{{Name: "max-model-len", Value: "4096"}}, BatchSizes: 67},
			},
		}},
		Figures: []result.Figure{{
			Number: "7", Name: "figure7", Kind: "trend", Title: "KV cache profiling", Metric: result.OfPhase(phase.KVCacheProfiling), X: "size_b", Models: []string{"alpha", "beta"},
			Roles: []string{""}, Nodes: map[string]string{"": "n1"}, Cells: map[string]string{"": "figure7-n1"},
		}},
		Cells: []result.Cell{{ID: "figure7-n1", Figure: "7", Node: "n1", Set: "models"}, {ID: "hardware-n1", Node: "n1"}},
	}
}

// noon is the time at which cells finish.
var noon = time.Date(2026, time.March, 1, 12, 30, 0, 0, time.UTC)

// measure writes the figure's cell into a session's directory, with one run whose
// profiling took the given seconds.
func measure(t *testing.T, root string, plan *result.Plan, finished time.Time, seconds float64) {
	t.Helper()
	attempt(t, root, plan, 0, finished, seconds)
}

// attempt is measure with the number of the workflow's attempt.
func attempt(t *testing.T, root string, plan *result.Plan, number int, finished time.Time, seconds float64) {
	t.Helper()
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	cell := directory.Cell(plan.Cells[0])
	cell.Result.Attempt, cell.Result.Finished = number, finished
	cell.Result.Runs = []result.Run{run(1, "alpha", seconds)}
	if err := cell.Write(); err != nil {
		t.Fatal(err)
	}
}

func run(iteration int, configuration string, seconds float64) result.Run {
	r := result.Run{Iteration: iteration, Configuration: configuration}
	r.Seconds.Set(phase.KVCacheProfiling, seconds)
	return r
}

// profiled is the profiling of the cell's only run, in seconds.
func profiled(t *testing.T, results *result.Results) float64 {
	t.Helper()
	cell := results.Cells["figure7-n1"]
	if cell == nil || len(cell.Runs) != 1 {
		t.Fatalf("want one run of figure7-n1, got %+v; warnings %q", cell, results.Warnings)
	}
	seconds, _ := cell.Runs[0].Seconds.Get(phase.KVCacheProfiling)
	return seconds
}

// A session's files are as in testdata/session, and reading them gives the same
// session.
func TestRoundTrip(t *testing.T) {
	root, plan := t.TempDir(), smallPlan("s1")
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	cell := directory.Cell(plan.Cells[0])
	file, name, err := cell.Log(1, "alpha")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("INFO 03-01 12:00:00.000 [a.py:1] Loading weights took 0.78 seconds\n"); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	log, err := phase.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	log.Name = name
	failed := result.NewRun(1, "alpha", log)
	failed.Warnings = []string{"odd"}
	served := run(2, "alpha", 1.25)
	served.Segments = segment.Times{
		{First: segment.ProcessStart, Last: segment.ProcessStart, Took: 6123 * time.Millisecond},
		{First: segment.FrontEnd, Last: segment.ServingSetup, Took: 20 * time.Second},
		{First: segment.FirstToken, Last: segment.FirstToken, Took: 50 * time.Millisecond},
	}
	served.TimeToReady = served.Segments.ToReady()
	cell.Result.Runs = []result.Run{run(0, "alpha", 1.5), failed, served}
	cell.Result.Finished = noon
	cell.Result.Probed = &hardware.Probe{
		GPUs:    []hardware.GPU{{Name: "NVIDIA H100 NVL", MemoryGiB: 93.6}},
		Drives:  []hardware.Drive{}, // none, which is not the same as unknown
		Unknown: map[string]string{"dram.type": hardware.NeedsRoot + "root alone can read the modules' description"},
	}
	if err := cell.CPUUsage(&result.CPUUsage{Interval: 0.1, Samples: [][]float64{{0, 12.5}, {100, 3}}}); err != nil {
		t.Fatal(err)
	}
	if err := cell.Write(); err != nil {
		t.Fatal(err)
	}
	compareFiles(t, root, "plan.json", "cells/figure7-n1/cell.json", "cells/figure7-n1/cpu_usage.csv", "cells/figure7-n1/logs/1/alpha.log")

	want := cell.Result
	want.Usage = &result.CPUUsage{Interval: 0.1, Samples: [][]float64{{0, 12.5}, {100, 3}}}
	got, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	expected := &result.Results{Plan: *plan, Cells: map[string]*result.CellResult{"figure7-n1": &want}, Warnings: []string{"odd"}}
	if diff := cmp.Diff(expected, got, sameTimes, cmpopts.IgnoreUnexported(result.Results{})); diff != "" {
		t.Errorf("not as it was written (-want +got):\n%s", diff)
	}
}

func compareFiles(t *testing.T, root string, names ...string) {
	t.Helper()
	for _, name := range names {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		testkit.Golden(t, filepath.Join("testdata/session", name), string(got))
	}
}

// A run counts if the engine came up and the run was not the warm-up.
func TestCounts(t *testing.T) {
	for _, test := range []struct {
		run  result.Run
		want bool
	}{
		{result.Run{Iteration: 0}, false},
		{result.Run{Iteration: 1}, true},
		{result.Run{Iteration: 2, Failed: "out of memory"}, false},
	} {
		if got := test.run.Counts(); got != test.want {
			t.Errorf("%+v counts: %t, want %t", test.run, got, test.want)
		}
	}
}

// A set may fix its number of iterations, at most that of the plan.
func TestCountedIterations(t *testing.T) {
	for _, test := range []struct{ fixed, planned, want int }{{0, 5, 5}, {1, 5, 1}, {3, 2, 2}} {
		set := result.Set{Iterations: test.fixed}
		if got := set.CountedIterations(test.planned); got != test.want {
			t.Errorf("fixed %d, planned %d: %d, want %d", test.fixed, test.planned, got, test.want)
		}
	}
}

// A cell that shares another's runs has the other's result.
func TestSharedCell(t *testing.T) {
	own := &result.CellResult{Cell: result.Cell{ID: "a"}}
	results := &result.Results{
		Plan:  result.Plan{Cells: []result.Cell{{ID: "a"}, {ID: "b", Shares: "a"}, {ID: "c", Shares: "d"}, {ID: "d"}}},
		Cells: map[string]*result.CellResult{"a": own},
	}
	for id, want := range map[string]*result.CellResult{"a": own, "b": own, "c": nil, "d": nil, "nothing": nil} {
		if got := results.Cell(id); got != want {
			t.Errorf("cell %s: %+v, want %+v", id, got, want)
		}
	}
}

// Only its own session continues a directory.
func TestCreate(t *testing.T) {
	tests := []struct {
		name   string
		before string // what plan.json holds
		want   string // part of the error
	}{
		{name: "no directory yet"},
		{name: "the same session", before: `{"schema":1,"session":"s1"}`},
		{name: "another session", before: `{"schema":1,"session":"s0","engine":"replay"}`, want: " holds session s0 of engine replay: continue it with --resume s0, choose another"},
		{name: "another schema", before: `{"schema":2,"session":"s1"}`, want: "plan.json: schema 2, but this release of coldstart reads schema 1 only"},
		{name: "no plan at all", before: "hello\n", want: "plan.json:1:1: invalid character 'h' looking for beginning of value: choose another"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "out")
			plan := filepath.Join(root, "plan.json")
			if test.before != "" {
				testkit.WriteFiles(t, root, map[string]string{"plan.json": test.before})
			}
			_, err := result.Create(root, smallPlan("s1"))
			after, _ := os.ReadFile(plan)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case test.want == "" && !strings.Contains(string(after), `"figure7-n1"`):
				t.Errorf("plan.json holds %s", after)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v\nlacks %s", err, test.want)
			case test.want != "" && string(after) != test.before:
				t.Errorf("plan.json was overwritten: %s", after)
			}
		})
	}
}

// A session that ended before its first run has nothing to lose: another session may
// take its directory.
func TestCreateAfterARefusal(t *testing.T) {
	const plan = `{"schema":1,"session":"s0","engine":"vllm"}`
	const refusal = `{"schema":1,"session":"s0","cell":{"id":"figure7-n1","figure":"7"},"error":"not set up"}`
	const probe = `{"schema":1,"session":"s0","cell":{"id":"hardware-n1","node":"n1"},"probed":{}}`
	tests := []struct {
		name  string
		files map[string]string
		holds bool
	}{
		{"refused", map[string]string{"cells/figure7-n1/cell.json": refusal}, false},
		{"refused, and probed", map[string]string{"cells/figure7-n1/cell.json": refusal, "cells/hardware-n1/cell.json": probe}, false},
		{"probed alone", map[string]string{"cells/hardware-n1/cell.json": probe}, true},
		{"killed", map[string]string{"cells/figure7-n1/logs/0/alpha.log": "x"}, true},
		{"refused, and another one killed", map[string]string{"cells/figure7-n1/cell.json": refusal, "cells/figure8-n1/logs/0/alpha.log": "x"}, true},
		{"refused, and another one measured", map[string]string{"cells/figure7-n1/cell.json": refusal, "cells/figure8-n1/cell.json": `{"schema":1,"session":"s0","cell":{"id":"figure8-n1","figure":"8"},"runs":[{}]}`}, true},
		{"refused in the middle", map[string]string{"cells/figure7-n1/cell.json": `{"schema":1,"cell":{"figure":"7"},"error":"changed","runs":[{}]}`}, true},
		{"unreadable", map[string]string{"cells/figure7-n1/cell.json": "{"}, true},
		{"nothing but a plan", nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			testkit.WriteFiles(t, root, map[string]string{"plan.json": plan})
			testkit.WriteFiles(t, root, test.files)
			_, err := result.Create(root, smallPlan("s1"))
			left, _ := filepath.Glob(filepath.Join(root, "cells", "*"))
			if held := err != nil; held != test.holds || held != (len(left) > 0 || test.files == nil) {
				t.Errorf("error %v, left %q", err, left)
			}
		})
	}
}

// Cells of the same session can be added to a session's directory, and the earlier ones
// stay results.
func TestExtend(t *testing.T) {
	root, other := t.TempDir(), smallPlan("s1")
	measure(t, root, smallPlan("s1"), noon, 2)
	other.Cells = []result.Cell{{ID: "figure8-n1", Figure: "8", Node: "n1", Set: "models"}}
	directory, err := result.Extend(root, other)
	if err != nil {
		t.Fatal(err)
	}
	if err := directory.Cell(other.Cells[0]).Write(); err != nil {
		t.Fatal(err)
	}
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := profiled(t, results); got != 2 || results.Cells["figure8-n1"] == nil {
		t.Errorf("figure 7's run took %v s, want 2; figure 8's cell is %+v", got, results.Cells["figure8-n1"])
	}
	if _, err := result.Extend(root, smallPlan("s2")); err == nil || !strings.Contains(err.Error(), "holds session s1 of engine vllm") {
		t.Errorf("extended by another session: %v", err)
	}
	elsewhere := smallPlan("s1")
	elsewhere.Environment = "nightly"
	if _, err := result.Extend(root, elsewhere); err == nil || !strings.Contains(err.Error(), "was begun with engine vllm and cannot continue with engine vllm in environment nightly") {
		t.Errorf("extended by another environment: %v", err)
	}
	served := smallPlan("s1")
	served.Sets[0].Start = result.Serve
	if _, err := result.Extend(root, served); err == nil || !strings.Contains(err.Error(), `was begun with the start "engine only" and cannot continue with "served" (--start)`) {
		t.Errorf("extended by another start: %v", err)
	}
	served.Sets = nil // of a plan that only tells the hardware
	if _, err := result.Extend(root, served); err != nil {
		t.Errorf("extended by a plan without sets: %v", err)
	}
}

// Runs of one session that were started in different ways are not read as one.
func TestReadOtherStart(t *testing.T) {
	root, served := t.TempDir(), smallPlan("s1")
	served.Sets[0].Start = result.Serve
	measure(t, filepath.Join(root, "a"), smallPlan("s1"), noon, 2)
	measure(t, filepath.Join(root, "b"), served, noon, 2)
	if _, err := result.Read(root); err == nil || !strings.Contains(err.Error(), "are of one session, but one is engine only and the other served") {
		t.Errorf("error %v", err)
	}
}

// No plan is written that could not be read back.
func TestPlanThatCannotBeReadIsNotWritten(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*result.Plan)
		want   string
	}{
		"a configuration without a name": {
			func(p *result.Plan) { p.Sets[0].Configurations[0].ID = "" }, `"" cannot name a file`,
		},
		"a long name":      {func(p *result.Plan) { p.Sets[0].Name = strings.Repeat("x", 201) }, `x" cannot name a file`},
		"two of a name":    {func(p *result.Plan) { p.Cells[1].ID = p.Cells[0].ID }, `"figure7-n1" is there twice`},
		"no such cell":     {func(p *result.Plan) { p.Figures[0].Cells = nil }, `figure7: side "" has no cell`},
		"too many runs":    {func(p *result.Plan) { p.Iterations = 1001 }, "1001 iterations are not from 0 to 1000"},
		"an unknown start": {func(p *result.Plan) { p.Sets[0].Start = "later" }, `start "later" is unknown`},
	} {
		plan := smallPlan("s1")
		test.change(plan)
		for verb, write := range map[string]func(string, *result.Plan) (*result.Directory, error){
			"create": result.Create, "extend": result.Extend,
		} {
			root := filepath.Join(t.TempDir(), "out")
			_, err := write(root, plan)
			if want := "the plan could not be read back: "; err == nil || !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("%s with %s: error %v, want %s", verb, name, err, test.want)
			}
			if _, err := os.Stat(root); err == nil {
				t.Errorf("%s with %s: something was written", verb, name)
			}
		}
	}
}

// Two plans of a figure for different models give a plan for all of them.
func TestExtendByOtherModels(t *testing.T) {
	planned := func(models ...int) *result.Plan {
		whole, plan := smallPlan("s1"), smallPlan("s1")
		plan.Models, plan.Sets[0].Configurations, plan.Figures[0].Models = nil, nil, nil
		for _, i := range models {
			plan.Models = append(plan.Models, whole.Models[i])
			plan.Sets[0].Configurations = append(plan.Sets[0].Configurations, whole.Sets[0].Configurations[i])
			plan.Figures[0].Models = append(plan.Figures[0].Models, whole.Figures[0].Models[i])
		}
		return plan
	}
	for _, steps := range [][]*result.Plan{
		{planned(0), planned(0, 1)},
		{planned(1), planned(0, 1)},
		{planned(0, 1), planned(1)},
		{planned(0), planned(1)},
		{planned(0, 1), planned(0, 1)},
	} {
		root := t.TempDir()
		for _, plan := range steps {
			if _, err := result.Extend(root, plan); err != nil {
				t.Fatal(err)
			}
		}
		results, err := result.Read(root)
		if err != nil {
			t.Fatal(err)
		}
		whole := smallPlan("s1")
		if diff := cmp.Diff(whole.Sets[0].Configurations, results.Plan.Sets[0].Configurations); diff != "" {
			t.Errorf("the set's configurations:\n%s", diff)
		}
		if diff := cmp.Diff(whole.Figures[0].Models, results.Plan.Figures[0].Models); diff != "" {
			t.Errorf("the figure's models:\n%s", diff)
		}
		if len(results.Plan.Sets) != 1 || len(results.Plan.Figures) != 1 || len(results.Plan.Models) != 2 {
			t.Errorf("%d sets, %d figures, %d models", len(results.Plan.Sets), len(results.Plan.Figures), len(results.Plan.Models))
		}
	}
}

// A cell is readable after every run: one that would grow too large to be read is not
// written, and the one before it stays.
func TestWriteAndReadShareALimit(t *testing.T) {
	root, plan := t.TempDir(), smallPlan("s1")
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	cell := directory.Cell(plan.Cells[0])
	run := result.Run{Iteration: 1, Configuration: "qwen-4b", Failed: strings.Repeat("x", 8<<20)}
	cell.Result.Runs = slices.Repeat([]result.Run{run}, 7)
	if err := cell.Write(); err != nil {
		t.Fatal(err)
	}
	cell.Result.Runs = append(cell.Result.Runs, run)
	err = cell.Write()
	if want := "cell.json: the file would have more than 67108864 bytes, the limit for a file of results: " +
		"measure fewer models or iterations in one session"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
	got, err := result.Read(root)
	if err != nil || got.Cells[plan.Cells[0].ID] == nil || len(got.Cells[plan.Cells[0].ID].Runs) != 7 {
		t.Errorf("read %v, warnings %.200q", err, got.Warnings)
	}
}

// What can be read without its indentation is written without it.
func TestWriteCompact(t *testing.T) {
	root, plan := t.TempDir(), smallPlan("s1")
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	cell := directory.Cell(plan.Cells[0])
	odd := slices.Repeat([]string{""}, 6_000_000) // 12 bytes each, and 3 without indentation
	cell.Result.Runs = []result.Run{{Iteration: 1, Configuration: "qwen-4b", Warnings: odd}}
	if err := cell.Write(); err != nil {
		t.Fatal(err)
	}
	if got, err := result.Read(root); err != nil || got.Cells[plan.Cells[0].ID] == nil {
		t.Errorf("%v, warnings %.200q", err, got.Warnings)
	}
}

// A plan that could not be read back is not written.
func TestCreateRefusesLargePlan(t *testing.T) {
	root := filepath.Join(t.TempDir(), "out")
	plan := &result.Plan{Session: "s1", Nodes: make([]result.Node, 5_001)}
	if _, err := result.Create(root, plan); err == nil || !strings.Contains(err.Error(), "the plan is too large: a list has 5001 items") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("something was written")
	}
}
