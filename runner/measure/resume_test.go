package measure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/measure"
)

// longPlan is one cell of two models, warmed up and counted three times.
func longPlan() *result.Plan {
	plan := smallPlan()
	plan.Iterations = 3
	plan.Cells = plan.Cells[:1]
	return plan
}

// numbered is an engine whose every run tells its own time.
func numbered(starts *int) *script {
	return &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		*starts++
		_, err := fmt.Fprintf(log, "INFO 02-09 16:00:00.000 [core.py:214] init engine (profile, create kv cache, warmup model) took %d.%d seconds\n", run.Iteration, len(run.Configuration.ID))
		return nil, err
	}}
}

// resume goes on with a session whose finished runs are in state, into root.
func resume(t *testing.T, root, state string, starts *int) (told *diary) {
	t.Helper()
	plan, told := longPlan(), &diary{}
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	session := measure.Session{
		Plan: plan, Engine: numbered(starts), Directory: directory, Observer: told, Machine: machine(state),
	}
	if incomplete, err := session.All(context.Background()); incomplete || err != nil {
		t.Fatalf("incomplete %t, %v", incomplete, err)
	}
	return told
}

// machine is one with its finished runs in a directory, whose page cache keeps what it has.
func machine(state string) *measure.Machine {
	return &measure.Machine{
		Ledger:    &measure.Ledger{Dir: state},
		Clock:     func() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 999, time.FixedZone("", 3600)) },
		PageCache: func() string { return "" },
		Hide:      func(text string) string { return text },
		Expect:    func(engine.Run) phase.Times { return phase.Times{} },
	}
}

// undisturbed is what a session leaves that nothing disturbs: its cell, and how
// often it started the engine.
func undisturbed(t *testing.T) (cell string, starts int) {
	t.Helper()
	root := t.TempDir()
	resume(t, root, t.TempDir(), &starts)
	return left(t, root), starts
}

// left is a session's cell, with its logs.
func left(t *testing.T, root string) string {
	t.Helper()
	dir := filepath.Join(root, "cells", "figure7-n1")
	text, err := os.ReadFile(filepath.Join(dir, "cell.json"))
	if err != nil {
		t.Fatal(err)
	}
	logs, _ := filepath.Glob(filepath.Join(dir, "logs", "*", "*"))
	for _, log := range logs {
		content, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, strings.TrimPrefix(log, dir)...), content...)
	}
	return string(text)
}

// A session that is interrupted after any of its runs goes on with the next, and
// leaves what an undisturbed one leaves, wherever its results go.
func TestResumeAfterAnyRun(t *testing.T) {
	want, all := undisturbed(t)
	for after := range all {
		ctx, cancel := context.WithCancel(context.Background())
		starts := 0
		dying := numbered(&starts)
		start := dying.starts
		dying.starts = func(ctx context.Context, run engine.Run, log io.Writer) ([]string, error) {
			if starts == after {
				cancel()
				return nil, ctx.Err()
			}
			return start(ctx, run, log)
		}
		session, root, _ := begin(t, longPlan(), dying)
		state := t.TempDir()
		session.Machine = machine(state)
		if _, err := session.All(ctx); err == nil {
			t.Fatalf("after %d runs: not interrupted", after)
		}
		results, runs := read(t, root)
		if kept := len(runs["figure7-n1"]); kept != after {
			t.Errorf("after %d runs: %d are kept", after, kept)
		}
		if cell := results.Cells["figure7-n1"]; cell != nil && cell.Error != "interrupted, or not done yet" {
			t.Errorf("after %d runs: an interrupted cell is taken for finished", after)
		}
		elsewhere := t.TempDir()
		resume(t, elsewhere, state, &starts)
		if got := left(t, elsewhere); got != want {
			t.Errorf("after %d runs: left\n%s\nwant\n%s", after, got, want)
		}
		if starts != all {
			t.Errorf("after %d runs: %d starts in all, want %d", after, starts, all)
		}
		if told := resume(t, root, state, &starts); starts != all || !slices.Contains(told.lines, "taken 3 beta") {
			t.Errorf("after %d runs: a finished session starts the engine again: %q", after, told.lines)
		}
		if got := left(t, root); got != want {
			t.Errorf("after %d runs: left where it was interrupted\n%s\nwant\n%s", after, got, want)
		}
	}
}

// Cells that ask for the same runs on one node share them, in whatever job or
// directory they are measured; another session's they never take.
func TestCellsShareRuns(t *testing.T) {
	state, starts := t.TempDir(), 0
	resume(t, t.TempDir(), state, &starts)
	once := starts
	measureAs := func(change func(*result.Plan)) int {
		plan := longPlan()
		change(plan)
		before := starts
		session, _, _ := begin(t, plan, numbered(&starts))
		session.Machine = machine(state)
		if incomplete, err := session.All(t.Context()); incomplete || err != nil {
			t.Fatal(incomplete, err)
		}
		return starts - before
	}
	tests := []struct {
		name   string
		change func(*result.Plan)
		starts int
	}{
		{"another figure of the same set", func(p *result.Plan) { p.Cells[0].ID, p.Cells[0].Figure = "figure8-n1", "8" }, 0},
		{"more iterations", func(p *result.Plan) { p.Iterations++ }, 2},
		{"another session", func(p *result.Plan) { p.Session = "s2" }, once},
		{"another node", func(p *result.Plan) { p.Cells[0].Node = "n2" }, once},
		{"another GPU", func(p *result.Plan) { p.Cells[0].GPU = "1" }, once},
		{"another page cache", func(p *result.Plan) { p.Sets[0].DropPageCache = true }, once},
		{"other variables", func(p *result.Plan) { p.Sets[0].Variables = map[string]string{"VLLM_X": "1"} }, once},
		{"other arguments", func(p *result.Plan) {
			p.Sets[0].Configurations[0].Args = []result.Arg{{Name: "max-model-len", Value: "1024"}}
		}, once / 2},
	}
	for _, test := range tests {
		if got := measureAs(test.change); got != test.starts {
			t.Errorf("%s: %d starts, want %d", test.name, got, test.starts)
		}
	}
}

// A run that failed is tried again when the session goes on, and stays on record.
func TestResumeTriesFailuresAgain(t *testing.T) {
	state, starts := t.TempDir(), 0
	plan := longPlan()
	plan.Iterations, plan.Sets[0].Configurations = 1, plan.Sets[0].Configurations[:1]
	failing := &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		if starts++; run.Iteration == 1 && starts <= 3 {
			_, err := io.WriteString(log, "ValueError: no such shard\n")
			return nil, err
		}
		return comesUp(log)
	}}
	const failed = ":1: no line of an engine's start-up found: ValueError: no such shard"
	tried := []string{"0 alpha is up", "1 alpha logs/1/alpha.log" + failed, "1 alpha logs/1/alpha.try2.log" + failed}
	want := [][]string{tried, append(slices.Clip(tried), "1 alpha is up")}
	for _, want := range want {
		session, root, _ := begin(t, plan, failing)
		session.Machine = machine(state)
		if _, err := session.All(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, runs := read(t, root)
		if diff := cmp.Diff(want, runs["figure7-n1"]); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
	}
	if starts != 4 {
		t.Errorf("%d starts, want 4", starts)
	}
}

// A configuration that never comes up is not started for ever, and costs no other one
// a run; when the session goes on, it is tried again. One that came up once is always
// tried.
func TestHopeless(t *testing.T) {
	state, starts := t.TempDir(), map[string]int{}
	fails := func(run engine.Run) bool { return run.Configuration.ID == "alpha" }
	e := &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		starts[run.Configuration.ID]++
		if fails(run) {
			_, err := io.WriteString(log, "INFO 02-09 16:00:00.000 [core.py:1] ValueError: no such shard\n")
			return nil, err
		}
		return comesUp(log)
	}}
	goOn := func() *result.Results {
		session, root, _ := begin(t, longPlan(), e)
		session.Machine = machine(state)
		if incomplete, err := session.All(t.Context()); incomplete || err != nil {
			t.Fatal(incomplete, err)
		}
		results, _ := read(t, root)
		return results
	}
	expect := func(when string, want map[string]int) {
		if diff := cmp.Diff(want, starts); diff != "" {
			t.Errorf("%s: starts (-want +got):\n%s", when, diff)
		}
		clear(starts)
	}
	results := goOn()
	expect("at first", map[string]int{"alpha": 4, "beta": 4})
	if want := []string{"logs/1/alpha.try2.log: alpha did not come up in 4 starts, and was not started again"}; !cmp.Equal(results.Warnings, want) {
		t.Errorf("warnings %q, want %q", results.Warnings, want)
	}
	fails = func(run engine.Run) bool { return run.Configuration.ID == "alpha" && run.Iteration > 0 }
	goOn()
	expect("once the warm-up comes up", map[string]int{"alpha": 1 + 3*2})
	fails = func(engine.Run) bool { return false }
	goOn()
	expect("mended", map[string]int{"alpha": 3})
}

// A start that comes up and does not count, for another reason, is none of those.
func TestHopelessCountsWhatDoesNotComeUp(t *testing.T) {
	plan, starts := longPlan(), 0
	plan.Sets[0].Configurations = plan.Sets[0].Configurations[:1]
	session, root, _ := begin(t, plan, &script{starts: func(_ context.Context, _ engine.Run, log io.Writer) ([]string, error) {
		starts++
		if starts < 4 {
			_, err := io.WriteString(log, "INFO 02-09 16:00:00.000 [core.py:1] ValueError: no such shard\n")
			return nil, err
		}
		warnings, err := comesUp(log)
		if starts == 4 {
			err = errors.New("the clock was set")
		}
		return warnings, err
	}})
	session.Machine = machine(t.TempDir())
	if incomplete, err := session.All(t.Context()); incomplete || err != nil {
		t.Fatal(incomplete, err)
	}
	results, runs := read(t, root)
	if want := []string{"1 alpha the clock was set", "2 alpha is up", "3 alpha is up"}; !cmp.Equal(runs["figure7-n1"][3:], want) || len(results.Warnings) > 0 {
		t.Errorf("runs %q, want %q behind three; warnings %q", runs["figure7-n1"], want, results.Warnings)
	}
}

// A counted run that read about as much as its weights from the drives is flagged: they
// were not in memory. One that is to read them is not.
func TestReadFromTheDrives(t *testing.T) {
	const flagged = "logs/1/alpha.log: 6.0 GiB were read from the drives during this start, and its weights are 6.0 GiB: they may not have been in memory"
	much, little := 6.0, 2.9
	tests := []struct {
		name    string
		read    *float64
		weights string
		drops   bool
		want    []string
	}{
		{"all", &much, "6.00", false, []string{flagged}},
		{"less than half", &little, "6.00", false, nil},
		{"it is to", &much, "6.00", true, nil},
		{"not known", nil, "6.00", false, nil},
		{"weights not known", &much, "no", false, nil},
	}
	for _, test := range tests {
		plan := longPlan()
		plan.Iterations, plan.Sets[0].Configurations, plan.Sets[0].DropPageCache = 1, plan.Sets[0].Configurations[:1], test.drops
		session, root, _ := begin(t, plan, &script{around: &result.Around{ReadGiB: test.read}, starts: func(_ context.Context, _ engine.Run, log io.Writer) ([]string, error) {
			fmt.Fprintf(log, "INFO 02-09 16:00:00.000 [core.py:74] Initializing a V1 LLM engine (v0.10.1.1)\n"+
				"INFO 02-09 16:00:00.000 [gpu_model_runner.py:1] Model loading took %s GiB and 1.50 seconds\n", test.weights)
			return comesUp(log)
		}})
		session.Machine = machine(t.TempDir())
		if incomplete, err := session.All(t.Context()); incomplete || err != nil {
			t.Fatal(incomplete, err)
		}
		results, _ := read(t, root)
		if diff := cmp.Diff(test.want, results.Warnings); diff != "" {
			t.Errorf("%s: warnings (-want +got):\n%s", test.name, diff)
		}
	}
}

// Where no warm-up comes up, the first start that does is one, and not counted: it
// is made again, warm.
func TestFailedWarmUp(t *testing.T) {
	plan := longPlan()
	plan.Iterations, plan.Sets[0].Configurations = 2, plan.Sets[0].Configurations[:1]
	session, root, _ := begin(t, plan, &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		if run.Iteration == 0 {
			_, err := io.WriteString(log, "ValueError: no such shard\n")
			return nil, err
		}
		return comesUp(log)
	}})
	session.Machine = machine(t.TempDir())
	if incomplete, err := session.All(t.Context()); incomplete || err != nil {
		t.Fatal(incomplete, err)
	}
	_, runs := read(t, root)
	want := []string{
		"0 alpha logs/0/alpha.log:1: no line of an engine's start-up found: ValueError: no such shard",
		"0 alpha logs/0/alpha.try2.log:1: no line of an engine's start-up found: ValueError: no such shard",
		"1 alpha no earlier start came up, so this one was the warm-up", "1 alpha is up", "2 alpha is up",
	}
	if diff := cmp.Diff(want, runs["figure7-n1"]); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

// Where the page cache was dropped between a session and its going on, or the machine
// was booted, the first start of each configuration fills it again and does not count:
// it is made once more. A set that drops the cache itself wants no such thing, and
// where the cache's life is not known, nothing is made of it.
func TestResumeAfterTheCacheWasDropped(t *testing.T) {
	const cold = "the page cache was dropped or this machine was booted since the start before, so this one was a warm-up"
	again := []string{"2 alpha " + cold, "2 alpha is up", "2 beta " + cold, "2 beta is up", "3 alpha is up", "3 beta is up"}
	undisturbed := []string{"2 alpha is up", "2 beta is up", "3 alpha is up", "3 beta is up"}
	tests := []struct {
		name         string
		before, then string
		drops        bool
		want         []string
	}{
		{"the same life", "boot/3", "boot/3", false, undisturbed},
		{"dropped", "boot/3", "boot/4", false, again},
		{"booted", "boot/3", "another/0", false, again},
		{"a set that drops it", "boot/3", "boot/4", true, undisturbed},
		{"not known before", "", "boot/4", false, undisturbed},
		{"not known any more", "boot/3", "", false, undisturbed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			state, starts := t.TempDir(), 0
			goOn := func(iterations int, life string) []string {
				plan := longPlan()
				plan.Iterations, plan.Sets[0].DropPageCache = iterations, test.drops
				session, root, _ := begin(t, plan, numbered(&starts))
				session.Machine = machine(state)
				session.Machine.PageCache = func() string { return life }
				if incomplete, err := session.All(t.Context()); incomplete || err != nil {
					t.Fatal(incomplete, err)
				}
				_, runs := read(t, root)
				return runs["figure7-n1"]
			}
			first := goOn(1, test.before)
			if diff := cmp.Diff(test.want, goOn(3, test.then)[len(first):]); diff != "" {
				t.Errorf("made (-want +got):\n%s", diff)
			}
		})
	}
}

// What makes a node unfit ends its cell, which keeps what was measured before;
// other cells go on.
func TestUnfit(t *testing.T) {
	changed := &engine.UnfitError{Err: errors.New("numpy was upgraded")}
	session, root, _ := begin(t, longPlan(), &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		if run.Iteration == 2 {
			return nil, changed
		}
		return comesUp(log)
	}})
	session.Machine = machine(t.TempDir())
	incomplete, err := session.All(t.Context())
	if err != nil || !incomplete {
		t.Fatal(incomplete, err)
	}
	results, runs := read(t, root)
	if diff := cmp.Diff([]string{"0 alpha is up", "0 beta is up", "1 alpha is up", "1 beta is up"}, runs["figure7-n1"]); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if got := results.Cells["figure7-n1"].Error; got != "numpy was upgraded" {
		t.Errorf("the reason is %q", got)
	}
}

// A log is stored once, for the session and for its results, and going on into the same
// directory does not lose it.
func TestLogIsStoredOnce(t *testing.T) {
	root, state, starts := t.TempDir(), t.TempDir(), 0
	resume(t, root, state, &starts)
	first := left(t, root)
	resume(t, root, state, &starts)
	if again := left(t, root); again != first {
		t.Errorf("first\n%s\nthen\n%s", first, again)
	}
	stored := map[uint64]bool{}
	for _, dir := range []string{root, state} {
		filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
			if filepath.Ext(path) == ".log" {
				stored[info.Sys().(*syscall.Stat_t).Ino] = true
			}
			return err
		})
	}
	if len(stored) != starts {
		t.Errorf("%d logs are stored of %d starts", len(stored), starts)
	}
}
