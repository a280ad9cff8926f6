package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/runner/lab"
)

// init writes a lab's file that plan takes, once.
func TestInit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "lab.yaml")
	got := coldstart(t, "init", "--node", "box", "--models", dir, "--environment", "vllm-0.20.2", "--matrix", file)
	next := "coldstart reproduce --engine vllm --nodes box --figures 2 --tiny --matrix " + file + "\n"
	if got.code != exitDone || !strings.HasPrefix(got.out, "Wrote "+file+": node box, GPU ") || !strings.HasSuffix(got.out, next) {
		t.Fatalf("exit %d: %s%s", got.code, got.out, got.err)
	}
	if got := coldstart(t, "plan", "--engine", "vllm", "--matrix", file); got.code != exitDone || !strings.Contains(got.out, "box") {
		t.Errorf("plan: exit %d: %s%s", got.code, got.out, got.err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	again := coldstart(t, "init", "--node", "other", "--matrix", file)
	if again.code != exitFailed || !strings.Contains(again.err, file+" is there already") {
		t.Errorf("again: exit %d: %s", again.code, again.err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the file changed: %v", err)
	}
	papers, err := os.ReadFile(papersLab)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, lab.FileName)
	if err := os.WriteFile(copied, papers, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := coldstart(t, "init", "--node", "box", "--matrix", copied); got.code != exitDone {
		t.Errorf("in place of the paper's lab: exit %d: %s", got.code, got.err)
	}
	for args, want := range map[string]string{
		"--node linux":       `coldstart: --node: node name "linux" is a label that GitHub gives to many runners; choose another name` + "\n",
		"--node a:b":         `coldstart: --node: node name "a:b" is not a valid runner label; use letters, `,
		"--models nowhere":   "coldstart: --models: there is no directory nowhere\n",
		"--models go.mod":    "coldstart: --models: there is no directory go.mod\n",
		"--python nowhere":   "coldstart: --python: there is no program nowhere\n",
		"--python no/python": "coldstart: --python: there is no program no/python\n",
	} {
		got := coldstart(t, append([]string{"init", "--matrix", filepath.Join(dir, "other.yaml")}, strings.Fields(args)...)...)
		const lines = 2 // with the one about --help
		if got.code != exitUsage || !strings.HasPrefix(got.err, want) || strings.Count(got.err, "\n") != lines {
			t.Errorf("%s: exit %d: %s", args, got.code, got.err)
		}
	}
	got = coldstart(t, "init", "--environment", "warp", "--matrix", filepath.Join(dir, "other.yaml"))
	if got.code != exitUsage || !strings.Contains(got.err, `there is no environment "warp"`) {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

// A node may have any name that a runner may have, also one that YAML has another meaning for.
func TestInitNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"true", "null", "1", "1e3", "0x10", "no"} {
		file := filepath.Join(t.TempDir(), "lab.yaml")
		if got := coldstart(t, "init", "--node", name, "--matrix", file); got.code != exitDone {
			t.Errorf("%s: exit %d: %s", name, got.code, got.err)
		}
		got := coldstart(t, "plan", "--engine", "vllm", "--matrix", file)
		if got.code != exitDone || !strings.Contains(got.out, "hardware-"+name) {
			t.Errorf("%s: exit %d: %s%s", name, got.code, got.out, got.err)
		}
	}
}

func TestNodeName(t *testing.T) {
	for host, want := range map[string]string{
		"n1": "n1", "GPU-Box.example.org": "gpu-box", "my box": "my-box", "-x_": "x", "..": "node",
	} {
		if got := nodeName(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}
