package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/history"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
	"coldstart/runner/lab"
	"coldstart/runner/revision/repotest"
)

// fakeEngine is a shell script that prints a start-up of vLLM 0.10.1.1. The first argument is
// by how much its weights take longer than 10 s; "broken" fails.
const fakeEngine = `#!/bin/sh
stamp() { echo "INFO 11-28 09:00:$1 [fake.py:1] $2"; }
[ "$1" != broken ] || { echo "ValueError: no such model" >&2; exit 1; }
stamp 00.000 "No plugins for group vllm.platform_plugins found."
stamp 01.000 "Automatically detected platform cuda."
stamp 03.000 "Available plugins for group vllm.general_plugins:"
stamp 04.000 "Chunked prefill is enabled with max_num_batched_tokens=8192."
stamp 05.000 "Initializing a V1 LLM engine (v0.10.1.1) with config: model='m'"
stamp 05.500 "Waiting for init message from front-end."
stamp 06.000 "Starting to load model m..."
stamp $((16 + $1)).5${COLDSTART_ITERATION}0 "Loading weights took $((10 + $1)).5$COLDSTART_ITERATION seconds"
stamp $((17 + $1)).000 "Model loading took 6.02 GiB and $((10 + $1)).800000 seconds"
stamp $((18 + $1)).000 "Memory profiling takes 0.50 seconds"
stamp $((19 + $1)).000 "Graph capturing finished in 1 secs, took 0.4 GiB"
stamp $((20 + $1)).0${COLDSTART_ITERATION}0 "init engine (profile, create kv cache, warmup model) took 3.0$COLDSTART_ITERATION seconds"
`

// change is a repository whose checked-out head starts the fake engine with another argument
// than its base. It is the working directory of the test, which leaves the user's own alone.
func change(t *testing.T, base, head string) *repotest.Repository {
	t.Helper()
	r, own := repotest.New(t), t.TempDir()
	engine := filepath.Join(own, "engine")
	if err := os.WriteFile(engine, []byte(fakeEngine), 0o755); err != nil {
		t.Fatal(err)
	}
	file := func(argument string) map[string]string {
		return map[string]string{lab.FileName: fmt.Sprintf(
			"engines: {mine: {command: ['%s', %s]}}\ndefault_node: n1\nnodes: {n1: }\nfigures: {2: {nodes: [n1]}}\n", engine, argument)}
	}
	r.Commit(file(base))
	r.Git("checkout", "--quiet", "-b", "change")
	r.Commit(file(head))
	t.Chdir(r.Dir)
	t.Setenv("XDG_STATE_HOME", filepath.Join(own, "state"))
	t.Setenv("XDG_CACHE_HOME", filepath.Join(own, "cache"))
	lab.LockDir = own
	t.Cleanup(func() { lab.LockDir = "" })
	return r
}

// A pull request is planned against its base, measured on both sides in turns, and answered.
func TestChange(t *testing.T) {
	tests := []struct {
		name, base, head string
		failAbove        string
		cells            string
		ok               bool
		heading          string
		also             []string // in the summary
	}{
		{"slower by more than the limit", "1", "4", "5%", "1", false, "### coldstart: start-up is slower, +",
			[]string{"load_weights (+3.0 s).", "* command: ", "    head "}},
		{"slower, without a limit", "1", "4", "", "1", true, "### coldstart: start-up is slower, +", nil},
		{"faster", "4", "1", "5%", "1", true, "### coldstart: start-up is faster, −", nil},
		{"nothing that is measured", "1", "1", "5%", "0", true, "### coldstart: nothing measured differs", []string{"Nothing that is measured differs between "}},
		{"the head does not start", "1", "broken", "", "1", false, "### coldstart: start-up fails", []string{"no such model", "* command: "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			change(t, test.base, test.head)
			temp := t.TempDir()
			with := func(command string, more ...string) map[string]string {
				inputs := map[string]string{"INPUT_COMMAND": command, "INPUT_MATRIX": "", "INPUT_ENGINE": "mine"}
				for i := 0; i < len(more); i += 2 {
					inputs["INPUT_"+more[i]] = more[i+1]
				}
				return inputs
			}
			planned := use(t, temp, with("plan", "BASE", "main"))
			if !planned.ok || planned.outputs["cells"] != test.cells {
				t.Fatalf("outputs %q, log %s", planned.outputs, planned.log)
			}
			trusted := []string{"FROM", planned.outputs["path"], "PLAN_SHA256", planned.outputs["plan-sha256"], "BASE", planned.outputs["base"]}
			if test.cells != "0" {
				out := filepath.Join(temp, "results", "cells")
				measured := use(t, temp, with("measure", append(trusted, "OUT", out)...))
				if !measured.ok || measured.outputs["complete"] != "true" || measured.outputs["artifact"] != "coldstart-cells-1" {
					t.Fatalf("outputs %q, log %s", measured.outputs, measured.log)
				}
				if want := "::group::base: iteration 0, the warm-up\n"; !strings.Contains(measured.log, want) {
					t.Errorf("the log lacks %q:\n%s", want, measured.log)
				}
			}
			if err := os.CopyFS(filepath.Join(temp, "results", "plan"), os.DirFS(planned.outputs["path"])); err != nil {
				t.Fatal(err)
			}
			got := use(t, temp, with("report", "FROM", filepath.Join(temp, "results"), "PLAN_SHA256", planned.outputs["plan-sha256"], "FAIL_ABOVE", test.failAbove))
			if got.ok != test.ok || !strings.HasPrefix(got.summary, test.heading) {
				t.Errorf("ok %t, log %s, summary\n%s", got.ok, got.log, got.summary)
			}
			for _, want := range test.also {
				if !strings.Contains(got.summary, want) {
					t.Errorf("%q is not in\n%s", want, got.summary)
				}
			}
			if strings.Contains(got.log, "belongs to session") {
				t.Errorf("a side is taken for another session: %s", got.log)
			}
		})
	}
}

// The rule that stops measuring is the confidence, if one is given, else the limit that fails.
// Mistakes name the input.
func TestPlanOfChangeStops(t *testing.T) {
	for _, test := range []struct{ name, failAbove, confidence, iterations, most, want string }{
		{"by default", "", "", "", "", "{0 0.05 30}"},
		{"the limit", "10%", "", "", "", "{0 0.1 30}"},
		{"other numbers of turns", "", "", "30", "60", "{0 0.05 60}"},
		{"as many as there are at most", "", "", "30", "", "{0 0.05 30}"},
		{"confidence", "", "5%", "", "", "{0.05 0 20}"},
		{"confidence beside the limit", "10%", "5%", "", "", "{0.05 0 20}"},
		{"too great a limit", "150%", "", "", "", "::error title=input fail-above::input fail-above: must be a percentage above 0 and below 100, such as 5%25, not \"150%25\""},
		{"too many iterations", "", "", "40", "", "::error title=input max-iterations::input max-iterations: max-iterations must be from iterations (40) to 1000, not 30"},
		{"too many at most", "", "5%", "", "1001", "::error title=input max-iterations::input max-iterations: must be a whole number from 1 to 1000, not \"1001\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			change(t, "1", "4")
			got := use(t, t.TempDir(), map[string]string{
				"INPUT_COMMAND": "plan", "INPUT_MATRIX": "", "INPUT_ENGINE": "mine", "INPUT_BASE": "main", "INPUT_FAIL_ABOVE": test.failAbove,
				"INPUT_CONFIDENCE": test.confidence, "INPUT_ITERATIONS": test.iterations, "INPUT_MAX_ITERATIONS": test.most,
			})
			if !got.ok {
				if !strings.Contains(got.log, test.want) {
					t.Errorf("log %q lacks %q", got.log, test.want)
				}
				return
			}
			made, err := result.ReadPlan(got.outputs["path"])
			if err != nil {
				t.Fatal(err)
			}
			if stop := fmt.Sprint(*made.Stop); stop != test.want {
				t.Errorf("stops at %s, want %s", stop, test.want)
			}
		})
	}
}

// What runs on a node is what its own checkout has, whatever the plan says.
func TestChangeOfOtherCommits(t *testing.T) {
	r := change(t, "1", "3")
	temp := t.TempDir()
	common := map[string]string{"INPUT_COMMAND": "plan", "INPUT_MATRIX": "", "INPUT_ENGINE": "mine", "INPUT_BASE": "main"}
	planned := use(t, temp, common)
	if !planned.ok {
		t.Fatal(planned.log)
	}
	for base, want := range map[string]string{"": "::error title=input base::", "HEAD": "the plan is not of the base "} {
		got := use(t, temp, map[string]string{"INPUT_COMMAND": "measure", "INPUT_MATRIX": "", "INPUT_FROM": planned.outputs["path"], "INPUT_BASE": base})
		if got.ok || !strings.Contains(got.log, want) {
			t.Errorf("base %q: ok %t, log %s", base, got.ok, got.log)
		}
	}
	r.Commit(nil)
	got := use(t, temp, map[string]string{"INPUT_COMMAND": "measure", "INPUT_MATRIX": "", "INPUT_FROM": planned.outputs["path"], "INPUT_BASE": "main"})
	if got.ok || !strings.Contains(got.log, "the plan is not of the base ") {
		t.Errorf("another head: ok %t, log %s", got.ok, got.log)
	}
}

// Neither side of a plan that somebody changed is measured, with its SHA-256 or without.
func TestChangedPlanOfSides(t *testing.T) {
	for name, at := range map[string]func(text, part string) int{"base": strings.Index, "head": strings.LastIndex} {
		change(t, "1", "3")
		temp := t.TempDir()
		with := map[string]string{"INPUT_COMMAND": "plan", "INPUT_MATRIX": "", "INPUT_ENGINE": "mine", "INPUT_BASE": "main"}
		planned := use(t, temp, with)
		path := filepath.Join(planned.outputs["path"], "plan.json")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		const variable = `"VLLM_USE_V1": "1"`
		i := at(string(text), variable)
		changed := string(text[:i]) + `"BASH_ENV": "$(touch ran)"` + string(text[i+len(variable):])
		if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
		for sum, want := range map[string]string{"": "set breakdown of the plan is not this program's", planned.outputs["plan-sha256"]: "no plan has the SHA-256"} {
			got := use(t, temp, map[string]string{"INPUT_COMMAND": "measure", "INPUT_MATRIX": "", "INPUT_FROM": planned.outputs["path"], "INPUT_BASE": "main", "INPUT_PLAN_SHA256": sum})
			if got.ok || !strings.Contains(got.log, want) {
				t.Errorf("%s, SHA-256 %q: ok %t, the log %q lacks %q", name, sum, got.ok, got.log, want)
			}
		}
	}
}

// A set of the lab's own, whose arguments a change touches, is compared with what it was.
func TestChangeOfASet(t *testing.T) {
	r := change(t, "1", "1")
	text, err := os.ReadFile(filepath.Join(r.Dir, lab.FileName))
	if err != nil {
		t.Fatal(err)
	}
	own := func(length string) map[string]string {
		file := strings.Replace(string(text), "figures: {2: {nodes: [n1]}}", "models: {ours: {label: Ours}}\nsets: {two: {models: [ours], arguments: {max-model-len: "+length+"}}}\nfigures: {two: {kind: bars, set: two, phase: load_weights, nodes: [n1]}}", 1)
		return map[string]string{lab.FileName: file}
	}
	base := r.Commit(own("2048"))
	r.Commit(own("4096"))
	temp := t.TempDir()
	planned := use(t, temp, map[string]string{"INPUT_COMMAND": "plan", "INPUT_MATRIX": "", "INPUT_ENGINE": "mine", "INPUT_BASE": base})
	if !planned.ok || planned.outputs["cells"] != "1" {
		t.Fatalf("outputs %q, log %s", planned.outputs, planned.log)
	}
	measured := use(t, temp, map[string]string{"INPUT_COMMAND": "measure", "INPUT_MATRIX": "", "INPUT_FROM": planned.outputs["path"], "INPUT_BASE": base, "INPUT_PLAN_SHA256": planned.outputs["plan-sha256"]})
	if !measured.ok {
		t.Fatal(measured.log)
	}
	got := use(t, temp, map[string]string{"INPUT_COMMAND": "report", "INPUT_FROM": filepath.Join(temp, "coldstart"), "INPUT_PLAN_SHA256": planned.outputs["plan-sha256"]})
	for _, want := range []string{"### coldstart: no change found\n", "* configuration ours: ours --max-model-len 2048 → ours --max-model-len 4096\n"} {
		if !got.ok || !strings.Contains(got.summary, want) {
			t.Errorf("ok %t, log %s, %q is not in\n%s", got.ok, got.log, want, got.summary)
		}
	}
}

// The comment on a pull request says which of the phases that it measures have changed
// before, by a history that it only reads.
func TestChangeTellsHistory(t *testing.T) {
	change(t, "1", "4")
	temp, dir := t.TempDir(), t.TempDir()
	planned := use(t, temp, map[string]string{"INPUT_COMMAND": "plan", "INPUT_MATRIX": "", "INPUT_ENGINE": "mine", "INPUT_BASE": "main"})
	measured := use(t, temp, map[string]string{
		"INPUT_COMMAND": "measure", "INPUT_MATRIX": "", "INPUT_FROM": planned.outputs["path"], "INPUT_BASE": planned.outputs["base"],
		"INPUT_PLAN_SHA256": planned.outputs["plan-sha256"],
	})
	if !measured.ok {
		t.Fatal(planned.log, measured.log)
	}
	results, err := result.ReadPlanned(filepath.Join(temp, "coldstart"), planned.outputs["plan-sha256"], 1)
	if err != nil {
		t.Fatal(err)
	}
	records, _, err := history.Records(results, sha)
	if err != nil || len(records) != 1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	elsewhere := records[0]
	elsewhere.Node = "n2"
	testkit.WriteFiles(t, dir, map[string]string{
		"here/1.jsonl": string(stepped(t, records[0])), "elsewhere/1.jsonl": string(stepped(t, elsewhere)),
		"bad/1.jsonl": "{}\n", "unreadable.jsonl/1.jsonl/x": "", "empty/x": "",
	})
	for _, test := range []struct {
		name, path   string
		summary, log string // in them; empty: no such section or warning
	}{
		{"slower since a commit", "here", "\n**On the default branch**\n\n* llama3-3b · breakdown on n1: time_to_ready has been 11.1 % slower since commit 0000008 (", ""},
		{"of another node", "elsewhere", "", ""},
		{"no history", "none", "", ""},
		{"an empty one", "empty", "", ""},
		{"a bad line", "bad", "", "1.jsonl:1: schema 0"},
		{"no file", "here/1.jsonl/x", "", "input history: cannot read the history"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(dir, test.path)
			got := use(t, temp, map[string]string{
				"INPUT_COMMAND": "report", "INPUT_FROM": filepath.Join(temp, "coldstart"), "INPUT_OUT": t.TempDir(),
				"INPUT_PLAN_SHA256": planned.outputs["plan-sha256"], "INPUT_HISTORY": path,
			})
			if !got.ok || !strings.Contains(got.summary, test.summary) || test.summary == "" && strings.Contains(got.summary, "default branch") {
				t.Errorf("ok %t, log %s, summary lacks %q:\n%s", got.ok, got.log, test.summary, got.summary)
			}
			if !strings.Contains(got.log, test.log) || test.log == "" && strings.Contains(got.log, "history") {
				t.Errorf("log %q, want %q in it", got.log, test.log)
			}
			if test.path == "here" {
				if text, err := os.ReadFile(filepath.Join(path, "1.jsonl")); err != nil || string(text) != string(stepped(t, records[0])) {
					t.Errorf("the history was changed: %v\n%s", err, text)
				}
			}
		})
	}
}
