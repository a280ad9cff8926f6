package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/lab"
)

// One line measures a folder's model, with the engine's arguments, and leaves a report.
func TestStart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ownModel(t, "anywhere/My Model")
	args := []string{"start", b.path("anywhere/My Model"), "--matrix", b.matrix, "--node", "n2", "--iterations", "2", "--out", b.path("out"),
		"--", "--max-model-len", "64", "-tp=1", "--enforce-eager"}
	got := b.coldstart(t, args...)
	for _, want := range []string{"time to ready", "model_loading", "start-up; steps", "open figure-start-n2.pdf and timeline.pdf"} {
		if got.code != exitDone || !strings.Contains(got.out, want) {
			t.Fatalf("exit %d, the output lacks %q:\n%s%s", got.code, want, got.out, got.err)
		}
	}
	for _, name := range []string{"figure-start-n2.pdf", "timeline.pdf", "report.pdf", "summary.md", "data/figure-start-n2.json"} {
		if info, err := os.Stat(filepath.Join(b.path("out"), "report", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	plan, err := result.ReadPlan(b.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	want := []result.Arg{{Name: "max-model-len", Value: "64"}, {Name: "tensor-parallel-size", Value: "1"}, {Name: "enforce-eager"}}
	c := plan.Set("start").Configurations[0]
	if !slices.Equal(c.Args, want) || c.ID != "My-Model" || c.Directory != "My Model" {
		t.Errorf("it was measured as %+v", c)
	}
	if runs := b.started(t); len(runs) != 3 {
		t.Errorf("started as %q, want a warm-up and two runs", runs)
	}
}

// The tiny model is made where it is missing, and no download is needed.
func TestStartTiny(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := b.coldstart(t, "start", "--tiny", "--matrix", b.matrix, "--node", "n1", "--iterations", "1", "--out", b.path("out"), "--", "--enforce-eager")
	if got.code != exitDone {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	plan, err := result.ReadPlan(b.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	if c := plan.Set("start").Configurations[0]; c.Model != "tiny" || len(c.Args) != 1 {
		t.Errorf("it was measured as %+v", c)
	}
	for _, run := range b.runs(t, "out", "figure-start-n1") {
		if !run.StandIn {
			t.Errorf("iteration %d is not said to be of a stand-in", run.Iteration)
		}
	}
}

// A folder is a model of its own, also one that is named like another model.
func TestStartFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	lab, err := os.ReadFile(b.matrix)
	if err != nil {
		t.Fatal(err)
	}
	lab = append([]byte("models: {a-b: {size_b: 7, arguments: {max-model-len: 8}}}\n"), lab...)
	if err := os.WriteFile(b.matrix, lab, 0o644); err != nil {
		t.Fatal(err)
	}
	for folder, key := range map[string]string{
		"llama3-3b": "llama3-3b-2", // a model of the paper
		"a b":       "a-b-2",       // a model of the lab
		"模型":        "model",
	} {
		b.ownModel(t, "m2/"+folder)
		out := b.path("out-" + key)
		got := b.coldstart(t, "start", b.path("m2/"+folder), "--matrix", b.matrix, "--node", "n2", "--iterations", "1", "--out", out)
		if got.code != exitDone {
			t.Errorf("%s: exit %d: %s", folder, got.code, got.err)
			continue
		}
		plan, err := result.ReadPlan(out)
		if err != nil {
			t.Fatal(err)
		}
		want := result.Model{Key: key, Label: folder, Folder: folder}
		if len(plan.Models) != 1 || plan.Models[0] != want {
			t.Errorf("%s: models %+v, want %+v", folder, plan.Models, want)
		}
		c := plan.Set("start").Configurations[0]
		if c.ID != key || c.Directory != folder || len(c.Args) > 0 {
			t.Errorf("%s: it was measured as %+v", folder, c)
		}
	}
}

// What cannot be measured is said in a line, before anything is started.
func TestStartRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dir := b.path("models")
	b.ownModel(t, "models/whole")
	b.ownModel(t, "models/no-weights")
	if err := os.Remove(filepath.Join(dir, "no-weights", "model.safetensors")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, args, want string
	}{
		{"no model", "", "name the model: a folder"},
		{"a model and the tiny one", "a --tiny", `choose "a" or --tiny`},
		{"two models", "a b", `start takes one model, not also "b"; the engine's arguments follow --`},
		{"no folder", "./nowhere", "there is no folder ./nowhere, and no such model"},
		{"a repository", "Qwen/Qwen3-0.6B --models " + dir,
			"Qwen/Qwen3-0.6B is neither in " + dir + " nor in the hub's cache; fetch it with 'coldstart models download Qwen/Qwen3-0.6B --models " + dir + "'"},
		{"a model of the catalogue", "yi-6b --models " + dir, "fetch it with 'coldstart models download yi-6b --models " + dir},
		{"no weights", dir + "/no-weights", "no-weights: its weight file is missing"},
		{"a word", dir + "/whole -- eager", `"eager" is not an engine argument: those begin with --`},
		{"a short name", dir + "/whole -- -O3", "write the long name of -O3"},
		{"another model", dir + "/whole -- --model x", "the model is the first argument of start, not --model"},
		{"a replay", dir + "/whole --engine replay", "start needs an engine that measures"},
		{"which node", dir + "/whole", "say which node of " + b.matrix + " this machine is: --node with one of n1, n2, n3, n4"},
		{"no such node", dir + "/whole --node n9", `has no node "n9"`},
	}
	for _, test := range tests {
		args := append([]string{"start", "--matrix", b.matrix, "--out", b.path("out")}, strings.Fields(test.args)...)
		if !strings.Contains(test.args, "--node") && test.name != "which node" {
			args = slices.Insert(args, 1, "--node", "n1")
		}
		got := b.coldstart(t, args...)
		if got.code == exitDone || !strings.Contains(got.err, test.want) {
			t.Errorf("%s: exit %d, %q lacks %q", test.name, got.code, got.err, test.want)
		}
	}
	if _, err := os.Stat(b.journal); err == nil {
		t.Errorf("something was started: %q", b.started(t))
	}
}

// An argument that the engine does not know ends the measurement at the warm-up, with the
// engine's own words.
func TestStartUnknownArgument(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ownModel(t, "models/whole")
	refusing := b.path("refusing")
	const script = `#!/bin/sh
echo 'usage: launcher.py [-h] [--max-model-len N]' >&2
echo 'launcher.py: error: unrecognized arguments: --nonsense' >&2
exit 2
`
	writeProgram(t, refusing, script)
	b.environmentOf(t, `python: "3.11", packages: [vllm==0.10.1.1]`, refusing)
	got := b.coldstart(t, "start", b.path("models/whole"), "--matrix", b.matrix, "--node", "n1", "--environment", "own",
		"--out", b.path("out"), "--", "--nonsense")
	if want := "1 run of start on n1\n"; !strings.Contains(got.err, want) {
		t.Errorf("%q lacks %q", got.err, want)
	}
	if want := "coldstart: it did not start: logs/0/whole.log:2: no line of an engine's start-up found: " +
		"launcher.py: error: unrecognized arguments: --nonsense\n"; got.code != exitFailed || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, %q lacks %q", got.code, got.err, want)
	}
}

// Without a lab file, the node is this machine.
func TestStartWithoutLab(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ownModel(t, "models/whole")
	cmd := b.process(t, "start", b.path("models/whole"), "--node", "here", "--out", b.path("out"))
	cmd.Dir, cmd.Env = b.dir, append(cmd.Env, lab.Variable+"=")
	said, err := cmd.CombinedOutput()
	if want := "run 'coldstart setup --environment"; err == nil || !strings.Contains(string(said), want) {
		t.Errorf("%v, %q lacks %q", err, said, want)
	}
}
