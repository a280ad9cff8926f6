package measure_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"coldstart/reports/hardware"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/measure"
)

// script is an engine that does as it is told, run by run.
type script struct {
	starts func(ctx context.Context, run engine.Run, log io.Writer) (warnings []string, err error)
	check  map[string]error // by set
	usage  *result.CPUUsage
	around *result.Around
	origin engine.Origin
}

func (s *script) Check(set *result.Set, node string) error { return s.check[set.Name] }

func (s *script) Origin(engine.Run) (*engine.Origin, error) { return &s.origin, nil }

func (s *script) Start(ctx context.Context, run engine.Run, log io.Writer) (started engine.Started, err error) {
	if run.Set.SampleCPU {
		started.CPUUsage = s.usage
	}
	started.Around = s.around
	if s.starts == nil {
		started.Warnings, err = comesUp(log)
	} else {
		started.Warnings, err = s.starts(ctx, run, log)
	}
	return started, err
}

// comesUp logs a start-up that took a second to build the engine.
func comesUp(log io.Writer) ([]string, error) {
	_, err := io.WriteString(log, "INFO 02-09 16:00:00.000 [core.py:214] init engine (profile, create kv cache, warmup model) took 1.00 seconds\n")
	return nil, err
}

// diary is an observer that writes down what it is told.
type diary struct{ lines []string }

func (d *diary) CellBegins(cell result.Cell, runs int) {
	d.lines = append(d.lines, fmt.Sprintf("cell %s begins, %d runs", cell.ID, runs))
}

func (d *diary) CellProbed(cell result.Cell, different []hardware.Mismatch) {
	d.lines = append(d.lines, fmt.Sprintf("cell %s probed: %v", cell.ID, different))
}

func (d *diary) RunBegins(run engine.Run, _ phase.Times) {
	d.lines = append(d.lines, fmt.Sprintf("run %d %s on %s", run.Iteration, run.Configuration.ID, run.Node))
}

func (d *diary) RunEnds(run result.Run) {
	outcome := "is up"
	if run.Failed != "" {
		outcome = "failed: " + run.Failed
	}
	d.lines = append(d.lines, fmt.Sprintf("  %d %s %s", run.Iteration, run.Configuration, outcome))
}

func (d *diary) PhaseEnds(string) {}

func (d *diary) RunTaken(run result.Run) {
	d.lines = append(d.lines, fmt.Sprintf("taken %d %s", run.Iteration, run.Configuration))
}

func (d *diary) CellEnds(cell result.Cell, err error) {
	line := "cell " + cell.ID + " ends"
	if err != nil {
		line += ": " + err.Error()
	}
	d.lines = append(d.lines, line)
}

// smallPlan is three cells: two models once warmed up and once counted, another
// that shares their runs, and the hardware.
func smallPlan() *result.Plan {
	return &result.Plan{
		Schema: result.Schema, Session: "s1", Engine: "script", Iterations: 1,
		Sets: []result.Set{
			{Name: "models", Configurations: []result.Configuration{{ID: "alpha", Model: "alpha"}, {ID: "beta", Model: "beta"}}},
			{Name: "cores", SampleCPU: true, Iterations: 1, Configurations: []result.Configuration{{ID: "alpha", Model: "alpha"}}},
		},
		Cells: []result.Cell{
			{ID: "figure7-n1", Figure: "7", Node: "n1", Set: "models"},
			{ID: "figure8-n1", Figure: "8", Node: "n1", Set: "models", Shares: "figure7-n1"},
			{ID: "figure12-n1", Figure: "12", Node: "n1", Set: "cores"},
			{ID: "hardware-n1", Node: "n1"},
		},
	}
}

// begin begins a session in a directory of its own.
func begin(t *testing.T, plan *result.Plan, e engine.Engine) (session *measure.Session, root string, told *diary) {
	t.Helper()
	root, told = t.TempDir(), &diary{}
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	return &measure.Session{Plan: plan, Engine: e, Directory: directory, Observer: told}, root, told
}

// read reads what a session left, and its runs as "iteration configuration
// outcome" by cell.
func read(t *testing.T, root string) (results *result.Results, runs map[string][]string) {
	t.Helper()
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	runs = map[string][]string{}
	for id, cell := range results.Cells {
		runs[id] = []string{}
		for _, run := range cell.Runs {
			outcome := "is up"
			if run.Failed != "" {
				outcome = run.Failed
			}
			runs[id] = append(runs[id], fmt.Sprintf("%d %s %s", run.Iteration, run.Configuration, outcome))
		}
	}
	return results, runs
}

// The protocol: the warm-up first, then each iteration a pass over all
// configurations in order; a shared cell is not measured again.
func TestOrder(t *testing.T) {
	plan := smallPlan()
	plan.Iterations = 2
	session, root, told := begin(t, plan, &script{usage: &result.CPUUsage{Interval: 0.1, Samples: [][]float64{{1}, {2}}}})
	incomplete, err := session.All(t.Context())
	if err != nil || incomplete {
		t.Fatalf("incomplete %t, error %v", incomplete, err)
	}
	want := []string{
		"cell figure7-n1 begins, 6 runs",
		"run 0 alpha on n1", "  0 alpha is up", "run 0 beta on n1", "  0 beta is up",
		"run 1 alpha on n1", "  1 alpha is up", "run 1 beta on n1", "  1 beta is up",
		"run 2 alpha on n1", "  2 alpha is up", "run 2 beta on n1", "  2 beta is up",
		"cell figure7-n1 ends",
		"cell figure8-n1 ends",
		"cell figure12-n1 begins, 2 runs",
		"run 0 alpha on n1", "  0 alpha is up", "run 1 alpha on n1", "  1 alpha is up",
		"cell figure12-n1 ends",
		"cell hardware-n1 begins, 0 runs",
		"cell hardware-n1 ends",
	}
	if diff := cmp.Diff(want, told.lines); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	results, runs := read(t, root)
	wantRuns := map[string][]string{
		"figure7-n1":  {"0 alpha is up", "0 beta is up", "1 alpha is up", "1 beta is up", "2 alpha is up", "2 beta is up"},
		"figure12-n1": {"0 alpha is up", "1 alpha is up"},
		"hardware-n1": {},
	}
	if diff := cmp.Diff(wantRuns, runs); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	cell := results.Cells["figure12-n1"]
	if cell.Usage == nil || len(cell.Usage.Samples) != 2 {
		t.Errorf("samples %+v, want two", cell.Usage)
	}
	if !cell.Finished.IsZero() {
		t.Errorf("finished %v, although nothing is measured now", cell.Finished)
	}
	run := results.Cells["figure7-n1"].Runs[5]
	if run.Log != "logs/2/beta.log" {
		t.Errorf("the log is %q", run.Log)
	}
	if log, err := phase.ReadFile(filepath.Join(root, "cells/figure7-n1", run.Log)); err != nil || log.Times != run.Seconds {
		t.Errorf("the log reads as %v, %v; the run has %v", log.Times, err, run.Seconds)
	}
}

// As many runs as an observer is told of.
func TestRuns(t *testing.T) {
	plan := smallPlan()
	plan.Iterations = 5
	want := map[string]int{"figure7-n1": 12, "figure8-n1": 0, "figure12-n1": 2, "hardware-n1": 0}
	for _, cell := range plan.Cells {
		if got := plan.Runs(cell); got != want[cell.ID] {
			t.Errorf("cell %s: %d runs, want %d", cell.ID, got, want[cell.ID])
		}
	}
	if got := plan.Runs(plan.Cells...); got != 14 {
		t.Errorf("%d runs in all, want 14", got)
	}
}

// Where an engine measures now, a cell says when it was finished, and in a
// workflow by which attempt.
func TestFinished(t *testing.T) {
	session, root, _ := begin(t, smallPlan(), &script{})
	session.Attempt, session.Machine = 2, machine(t.TempDir())
	if _, err := session.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	results, _ := read(t, root)
	for id, cell := range results.Cells {
		if want := time.Date(2026, time.March, 1, 11, 0, 0, 0, time.UTC); !cell.Finished.Equal(want) {
			t.Errorf("cell %s is finished %v, want %v", id, cell.Finished, want)
		}
		if cell.Attempt != 2 {
			t.Errorf("cell %s is of attempt %d, want 2", id, cell.Attempt)
		}
	}
}

// A start-up that fails is kept with the reason and not counted, whether its log
// tells or the engine; what is odd about a run is kept with it.
func TestFailingStartUps(t *testing.T) {
	session, root, _ := begin(t, smallPlan(), &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		switch {
		case run.Set.Name == "cores":
			return nil, engine.ErrNoLog
		case run.Iteration == 0:
			return comesUp(log)
		case run.Configuration.ID == "alpha":
			_, err := io.WriteString(log, "INFO 02-09 16:00:00.000 [a.py:1] Loading weights took 2.00 seconds\nERROR 02-09 16:00:01.000 [a.py:1] ValueError: no such shard\n")
			return []string{"odd"}, err
		}
		return nil, errors.New("the engine cannot be found")
	}})
	incomplete, err := session.All(t.Context())
	if err != nil || incomplete {
		t.Fatalf("incomplete %t, error %v", incomplete, err)
	}
	results, runs := read(t, root)
	want := map[string][]string{
		"figure7-n1": {
			"0 alpha is up", "0 beta is up",
			"1 alpha logs/1/alpha.log:2: the start-up failed or the log was cut off: it ends after load_weights, before init_engine: ValueError: no such shard",
			"1 beta the engine cannot be found",
		},
		"figure12-n1": {},
		"hardware-n1": {},
	}
	if diff := cmp.Diff(want, runs); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	for _, run := range results.Cells["figure7-n1"].Runs {
		if run.Counts() {
			t.Errorf("counts: %+v", run)
		}
	}
	if diff := cmp.Diff([]string{"odd"}, results.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

// A start-up that fails is tried again, no more often than asked for; the log of
// each failure is kept beside the one that counts.
func TestTries(t *testing.T) {
	starts := map[string]int{}
	session, root, _ := begin(t, smallPlan(), &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		name := fmt.Sprintf("%d %s", run.Iteration, run.Configuration.ID)
		starts[name]++
		switch {
		case run.Set.Name == "cores":
			return nil, engine.ErrNoLog
		case name == "1 alpha" && starts[name] == 1, name == "1 beta":
			_, err := fmt.Fprintf(log, "INFO 02-09 16:00:00.000 [a.py:1] Loading weights took %d.00 seconds\n", starts[name])
			return nil, err
		}
		return comesUp(log)
	}})
	session.Machine = machine(t.TempDir())
	if incomplete, err := session.All(t.Context()); err != nil || incomplete {
		t.Fatalf("incomplete %t, error %v", incomplete, err)
	}
	const failed = ":1: the start-up failed or the log was cut off: it ends after load_weights, before init_engine"
	_, runs := read(t, root)
	want := []string{
		"0 alpha is up", "0 beta is up",
		"1 alpha logs/1/alpha.log" + failed, "1 alpha is up",
		"1 beta logs/1/beta.log" + failed, "1 beta logs/1/beta.try2.log" + failed,
	}
	if diff := cmp.Diff(want, runs["figure7-n1"]); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	for _, name := range []string{"alpha.log", "alpha.try2.log", "beta.log", "beta.try2.log"} {
		if _, err := os.Stat(filepath.Join(root, "cells", "figure7-n1", "logs", "1", name)); err != nil {
			t.Error(err)
		}
	}
}

// A run of which there is no log leaves none, but its samples.
func TestNoLog(t *testing.T) {
	session, root, told := begin(t, smallPlan(), &script{
		usage:  &result.CPUUsage{Interval: 0.1, Samples: [][]float64{{1}, {2}}},
		starts: func(context.Context, engine.Run, io.Writer) ([]string, error) { return nil, engine.ErrNoLog },
	})
	if reason, err := session.Cell(t.Context(), session.Plan.Cells[2]); reason != nil || err != nil {
		t.Fatal(reason, err)
	}
	want := []string{"cell figure12-n1 begins, 2 runs", "run 0 alpha on n1", "run 1 alpha on n1", "cell figure12-n1 ends"}
	if diff := cmp.Diff(want, told.lines); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	results, runs := read(t, root)
	if diff := cmp.Diff(map[string][]string{"figure12-n1": {}}, runs); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if usage := results.Cells["figure12-n1"].Usage; usage == nil || len(usage.Samples) != 2 {
		t.Errorf("samples %+v, want two", usage)
	}
	if logs, _ := filepath.Glob(filepath.Join(root, "cells/figure12-n1/logs/*/*")); len(logs) > 0 {
		t.Errorf("logs %q", logs)
	}
}

// What an engine cannot measure costs that cell alone, which says why.
func TestCheckCostsOneCell(t *testing.T) {
	session, root, told := begin(t, smallPlan(), &script{check: map[string]error{"models": errors.New("no GPU here")}})
	incomplete, err := session.All(t.Context())
	if err != nil || !incomplete {
		t.Fatalf("incomplete %t, want true; error %v", incomplete, err)
	}
	want := []string{
		"cell figure7-n1 begins, 4 runs", "cell figure7-n1 ends: no GPU here", "cell figure8-n1 ends",
		"cell figure12-n1 begins, 2 runs", "run 0 alpha on n1", "  0 alpha is up", "run 1 alpha on n1", "  1 alpha is up", "cell figure12-n1 ends",
		"cell hardware-n1 begins, 0 runs", "cell hardware-n1 ends",
	}
	if diff := cmp.Diff(want, told.lines); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	results, _ := read(t, root)
	if cell := results.Cells["figure7-n1"]; cell == nil || cell.Error != "no GPU here" || len(cell.Runs) > 0 {
		t.Errorf("figure 7's cell is %+v, want the reason and no runs", cell)
	}
}

// An interrupted session ends at once; the cells before are kept, and of the one that
// it was in the finished runs.
func TestInterruption(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	session, root, told := begin(t, smallPlan(), &script{starts: func(ctx context.Context, run engine.Run, log io.Writer) ([]string, error) {
		if run.Set.Name == "cores" && run.Iteration == 1 {
			io.WriteString(log, "INFO 02-09 16:00:00.000 [a.py:1] half a l")
			interrupt()
			return nil, ctx.Err()
		}
		return comesUp(log)
	}})
	session.Machine = machine(t.TempDir())
	_, err := session.All(ctx)
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "cell figure12-n1: ") {
		t.Errorf("error %v, want one of cell figure12-n1: %v", err, context.Canceled)
	}
	if last := told.lines[len(told.lines)-1]; last != "run 1 alpha on n1" {
		t.Errorf("told last %q", last)
	}
	results, runs := read(t, root)
	want := map[string][]string{
		"figure7-n1":  {"0 alpha is up", "0 beta is up", "1 alpha is up", "1 beta is up"},
		"figure12-n1": {"0 alpha is up"},
	}
	if diff := cmp.Diff(want, runs); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if reason := results.Cells["figure12-n1"].Error; reason != "interrupted, or not done yet" {
		t.Errorf("the cell is kept with the reason %q", reason)
	}
}

// A session that is interrupted before a run does not begin it.
func TestInterruptedBeforehand(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	session, root, told := begin(t, smallPlan(), &script{})
	if _, err := session.All(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff([]string{"cell figure7-n1 begins, 4 runs"}, told.lines); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if _, runs := read(t, root); len(runs) > 0 {
		t.Errorf("kept %v", runs)
	}
}

// A log that cannot be written is the disk's fault and not the engine's: it ends
// the session, by name, whatever the engine makes of it.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no device here is always full")
	}
	defer full.Close()
	var place string
	session, root, _ := begin(t, smallPlan(), &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		if run.Set.Name == "cores" && run.Iteration == 1 {
			redirect(t, place, full)
		}
		comesUp(log)
		return nil, nil
	}})
	place = filepath.Join(root, "cells/figure12-n1/logs/1/alpha.log")
	_, err = session.All(t.Context())
	if want := "cell figure12-n1: write " + place + ": no space left on device"; err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
	_, runs := read(t, root)
	want := map[string][]string{"figure7-n1": {"0 alpha is up", "0 beta is up", "1 alpha is up", "1 beta is up"}}
	if diff := cmp.Diff(want, runs); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

// redirect makes this process write to another file what it writes to the one at a path.
func redirect(t *testing.T, path string, to *os.File) {
	t.Helper()
	opened, _ := filepath.Glob("/proc/self/fd/*")
	for _, link := range opened {
		number, err := strconv.Atoi(filepath.Base(link))
		if name, _ := os.Readlink(link); err != nil || name != path {
			continue
		}
		if err := unix.Dup2(int(to.Fd()), number); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("%s is not open", path)
}

// A directory that takes no log ends the session too.
func TestUnwritableDirectory(t *testing.T) {
	session, root, _ := begin(t, smallPlan(), &script{})
	if err := os.WriteFile(filepath.Join(root, "cells"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := session.All(t.Context()); err == nil || !strings.Contains(err.Error(), filepath.Join(root, "cells")) {
		t.Errorf("error %v", err)
	}
}

// A session that probes keeps with every measured cell what this machine is, and
// tells what differs from the declared.
func TestProbe(t *testing.T) {
	plan := smallPlan()
	plan.Nodes = []result.Node{{Name: "n1", Declared: hardware.Hardware{GPU: "H100", Platform: hardware.Platform{OS: "Debian 12"}}}}
	session, root, told := begin(t, plan, &script{check: map[string]error{"cores": errors.New("no cores")}})
	probes := 0
	session.Probe = func(context.Context) *hardware.Probe {
		probes++
		return &hardware.Probe{GPUs: []hardware.GPU{{Name: "NVIDIA L40S"}}, Platform: hardware.Platform{OS: "Debian 12"}}
	}
	if _, err := session.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	if probes != 3 {
		t.Errorf("%d probes, want one for each cell with runs of its own, and for the hardware", probes)
	}
	results, _ := read(t, root)
	for _, id := range []string{"figure7-n1", "figure12-n1", "hardware-n1"} {
		if probed := results.Cells[id].Probed; probed == nil || probed.OS != "Debian 12" {
			t.Errorf("%s keeps %+v", id, probed)
		}
	}
	if want := "cell hardware-n1 probed: [n1: GPU is declared as H100, but the node has NVIDIA L40S]"; !slices.Contains(told.lines, want) {
		t.Errorf("not told of the difference: %q", told.lines)
	}
}

// A probe that is cut short leaves no cell that would pass for a whole one.
func TestInterruptedProbe(t *testing.T) {
	plan := smallPlan()
	plan.Cells = plan.Cells[3:]
	session, root, _ := begin(t, plan, &script{})
	ctx, cancel := context.WithCancel(t.Context())
	session.Probe = func(context.Context) *hardware.Probe { cancel(); return &hardware.Probe{} }
	if _, err := session.All(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if results, _ := read(t, root); len(results.Cells) != 0 {
		t.Errorf("kept %+v", results.Cells)
	}
}

// A rule stops a configuration once its phases are known well enough, each for
// itself, and all of them after the most iterations that it allows.
func TestStop(t *testing.T) {
	plan := smallPlan()
	plan.Cells = plan.Cells[:1]
	plan.Iterations, plan.Stop = 2, &result.Stop{Within: 0.05, Most: 6}
	session, root, _ := begin(t, plan, &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		seconds := 10.0
		if run.Configuration.ID == "beta" && run.Iteration%2 == 0 { // which never settles
			seconds = 20
		}
		_, err := fmt.Fprintf(log, "INFO 02-09 16:00:00.000 [core.py:214] init engine (profile, create kv cache, warmup model) took %.2f seconds\n", seconds+float64(run.Iteration)/100)
		return nil, err
	}})
	if incomplete, err := session.All(t.Context()); incomplete || err != nil {
		t.Fatal(incomplete, err)
	}
	_, runs := read(t, root)
	want := []string{
		"0 alpha is up", "0 beta is up", "1 alpha is up", "1 beta is up", "2 alpha is up", "2 beta is up",
		"3 alpha is up", "3 beta is up", "4 beta is up", "5 beta is up", "6 beta is up",
	}
	if diff := cmp.Diff(want, runs["figure7-n1"]); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if got := plan.Runs(plan.Cells...); got != 14 {
		t.Errorf("%d runs at most, want 14", got)
	}
}

// A configuration that never comes up is not measured as often as it may be.
func TestStopWithoutAnyRun(t *testing.T) {
	plan := smallPlan()
	plan.Cells = plan.Cells[:1]
	plan.Iterations, plan.Stop = 2, &result.Stop{Within: 0.05, Most: 6}
	session, root, _ := begin(t, plan, &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		if run.Configuration.ID == "beta" {
			return nil, errors.New("no such model")
		}
		return comesUp(log)
	}})
	if incomplete, err := session.All(t.Context()); incomplete || err != nil {
		t.Fatal(incomplete, err)
	}
	_, runs := read(t, root)
	want := []string{
		"0 alpha is up", "0 beta no such model", "1 alpha is up", "1 beta no such model", "2 alpha is up", "2 beta no such model", "3 alpha is up",
	}
	if diff := cmp.Diff(want, runs["figure7-n1"]); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

// inTurns measures the small plan's first cell in two sessions in turn. starts is
// told the side and the run. It returns the order of the starts.
func inTurns(t *testing.T, ctx context.Context, stop *result.Stop, starts func(side string, run engine.Run, log io.Writer) error) (order []string, reason, err error) {
	t.Helper()
	side := func(name string) *measure.Session {
		plan := smallPlan()
		plan.Session, plan.Iterations, plan.Stop, plan.Cells = name, 2, stop, plan.Cells[:1]
		session, _, _ := begin(t, plan, &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
			order = append(order, fmt.Sprintf("%s%d %s", name, run.Iteration, run.Configuration.ID))
			return nil, starts(name, run, log)
		}})
		session.Machine = machine(t.TempDir())
		return session
	}
	a := side("a")
	reason, err = measure.Interleaved(ctx, a, side("b"), a.Plan.Cells[0])
	return order, reason, err
}

// Two sessions take turns, pass by pass. Either begins every other turn.
func TestInterleaved(t *testing.T) {
	order, reason, err := inTurns(t, t.Context(), nil, func(_ string, _ engine.Run, log io.Writer) error {
		_, err := comesUp(log)
		return err
	})
	if reason != nil || err != nil {
		t.Fatal(reason, err)
	}
	want := []string{
		"a0 alpha", "a0 beta", "b0 alpha", "b0 beta", "a1 alpha", "a1 beta", "b1 alpha", "b1 beta", "b2 alpha", "b2 beta", "a2 alpha", "a2 beta",
	}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// Where a rule says when to stop, what it wants more of on one side is measured on
// both: else the sides were not in turns any more.
func TestInterleavedStopsTogether(t *testing.T) {
	order, reason, err := inTurns(t, t.Context(), &result.Stop{Within: 0.05, Most: 4}, func(side string, run engine.Run, log io.Writer) error {
		seconds := 10
		if side == "b" && run.Configuration.ID == "beta" && run.Iteration%2 == 0 {
			seconds = 20
		}
		_, err := fmt.Fprintf(log, "INFO 02-09 16:00:00.000 [core.py:214] init engine (profile, create kv cache, warmup model) took %d.00 seconds\n", seconds)
		return err
	})
	if reason != nil || err != nil {
		t.Fatal(reason, err)
	}
	want := []string{"a3 alpha", "a3 beta", "b3 alpha", "b3 beta", "b4 beta", "a4 beta"}
	if diff := cmp.Diff(want, order[12:]); diff != "" {
		t.Errorf("order after the planned passes (-want +got):\n%s", diff)
	}
}

// A configuration that never comes up on one side is given up on both.
func TestInterleavedGivesUpTogether(t *testing.T) {
	order, reason, err := inTurns(t, t.Context(), nil, func(side string, run engine.Run, log io.Writer) error {
		if side == "a" && run.Configuration.ID == "alpha" {
			return errors.New("no such shard")
		}
		_, err := comesUp(log)
		return err
	})
	if reason != nil || err != nil {
		t.Fatal(reason, err)
	}
	want := []string{
		"a0 alpha", "a0 alpha", "a0 beta", "b0 alpha", "b0 beta",
		"a1 alpha", "a1 alpha", "a1 beta", "b1 alpha", "b1 beta", "b2 beta", "a2 beta",
	}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// What ends one side ends the other: half a comparison is none.
func TestInterleavedEndsTogether(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupted := func(side string, run engine.Run, log io.Writer) error {
		if side == "a" && run.Iteration == 1 {
			interrupt()
		}
		_, err := comesUp(log)
		return err
	}
	unfit := func(side string, run engine.Run, log io.Writer) error {
		if side == "a" && run.Iteration == 1 {
			return &engine.UnfitError{Err: errors.New("the environment changed")}
		}
		_, err := comesUp(log)
		return err
	}
	want := []string{"a0 alpha", "a0 beta", "b0 alpha", "b0 beta", "a1 alpha"}
	order, _, err := inTurns(t, ctx, nil, interrupted)
	if diff := cmp.Diff(want, order); diff != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v; order (-want +got):\n%s", err, diff)
	}
	order, reason, err := inTurns(t, t.Context(), nil, unfit)
	if diff := cmp.Diff(want, order); diff != "" || err != nil || reason == nil || !strings.Contains(reason.Error(), "the environment changed") {
		t.Errorf("unfit: %v, %v; order (-want +got):\n%s", reason, err, diff)
	}
}

// An engine that prints without end fills no disk, and its start-up fails with the reason.
func TestLongLog(t *testing.T) {
	flood := &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		if run.Iteration == 0 || run.Configuration.ID == "beta" {
			return comesUp(log)
		}
		line := append(bytes.Repeat([]byte("x"), 1<<20-1), '\n')
		for range 300 {
			if _, err := log.Write(line); err != nil {
				return nil, errors.Join(err, err)
			}
		}
		return comesUp(log)
	}}
	plan := smallPlan()
	plan.Cells = plan.Cells[:1]
	session, root, _ := begin(t, plan, flood)
	if _, err := session.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, runs := read(t, root)
	want := []string{"0 alpha is up", "0 beta is up", "1 alpha the engine printed more than 256 MB, and was ended", "1 beta is up"}
	if diff := cmp.Diff(want, runs["figure7-n1"]); diff != "" {
		t.Error(diff)
	}
	log := filepath.Join(root, "cells", "figure7-n1", "logs", "1", "alpha.log")
	if info, err := os.Stat(log); err != nil || info.Size() != 256<<20 {
		t.Errorf("%v, the log is %+v", err, info)
	}
}

// A server that came up and gave no token is kept with that reason, and does not count.
func TestNoFirstToken(t *testing.T) {
	const reason = "the first request failed: HTTP 500 Internal Server Error: out of memory"
	serving := &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		warnings, err := comesUp(log)
		if run.Iteration == 2 {
			err = errors.New(reason)
		}
		return warnings, err
	}}
	plan := smallPlan()
	plan.Cells, plan.Iterations = plan.Cells[:1], 2
	plan.Sets[0].Start = result.Serve
	session, root, _ := begin(t, plan, serving)
	if _, err := session.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	results, runs := read(t, root)
	want := []string{"0 alpha is up", "0 beta is up", "1 alpha is up", "1 beta is up", "2 alpha " + reason, "2 beta " + reason}
	if diff := cmp.Diff(want, runs["figure7-n1"]); diff != "" {
		t.Error(diff)
	}
	if counted := results.Cells["figure7-n1"].Counted("alpha"); len(counted) != 1 {
		t.Errorf("%d runs count, want 1", len(counted))
	}
}
