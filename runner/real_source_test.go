//go:build vllm

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/models"
	"coldstart/runner/revision/repotest"
)

// A change to a package that vLLM imports as a plugin is built from each side's commit, and
// named: importing it takes 2 s longer. vLLM imports it twice, in its own process and in the one
// that finds out about the model's class. The package and the change are those of the workflow's
// case changed_source.
func TestRealSource(t *testing.T) {
	dir := t.TempDir()
	environments := roomFor(t, dir, "cpu")
	if got := coldstart(t, "setup", "--environment", "cpu", "--dir", environments); got.code != exitDone {
		t.Fatal(got.err)
	}
	r := repotest.New(t)
	if err := os.CopyFS(r.Dir, os.DirFS(filepath.Join(".ci", "act", "tiny"))); err != nil {
		t.Fatal(err)
	}
	r.Commit(map[string]string{"lab.yaml": besideVLLM(t, environments)})
	r.Git("checkout", "--quiet", "-b", "change")
	module := filepath.Join("tiny", "model.py")
	text, err := os.ReadFile(filepath.Join(r.Dir, module))
	if err != nil {
		t.Fatal(err)
	}
	r.Commit(map[string]string{module: "import time\ntime.sleep(2)\n" + string(text)})

	if err := models.Tiny(filepath.Join(dir, "models", "llama3-3b")); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	got := coldstart(t, "measure", "--engine", "vllm", "--matrix", filepath.Join(r.Dir, "lab.yaml"), "--figure", "2", "--node", "n1",
		"--base", "main", "--models", filepath.Join(dir, "models"), "--environments", filepath.Join(dir, "built"),
		"--state", filepath.Join(dir, "state"), "--settle", "5%", "--max-iterations", "4", "--out", out)
	t.Log(got.err, got.out)
	if got.code != exitDone {
		t.Fatalf("exit %d", got.code)
	}
	if want := "  source: ., files "; !strings.Contains(got.out, want) {
		t.Errorf("the output lacks %q", want)
	}
	results, err := result.Read(filepath.Join(out, "B"))
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range results.Cells["figure2-n1"].Runs {
		if seconds, known := run.Seconds.Get(phase.GetModelInfo); !known || seconds < 2 {
			t.Errorf("iteration %d of the head: plugins and model are imported in %v s, want 2 at least", run.Iteration, seconds)
		}
	}
	if !answers.MatchString(got.out) {
		t.Errorf("the answer is not like %s", answers)
	}
}

// answers are what may be said of a change that makes finding out about the model slower, which
// is a part of the front end. On a busy machine the turns may not be enough to settle it, or to
// name the part.
var answers = regexp.MustCompile(`^(Start-up is slower: .*(\bfront_end\b|\bget_model_info\b|\(p [^)]*\)\.\n)|Not settled: )`)

// quick are arguments of a start that compiles nothing, also where vLLM's own operators do not
// load.
var quick = []string{"--enforce-eager", "--compilation-config", `{"level": 0, "custom_ops": ["none"]}`}

// besideVLLM declares a lab whose environment has the repository's package and, from another
// environment's folder, vLLM. To install vLLM twice more would take minutes.
func besideVLLM(t *testing.T, environments string) string {
	t.Helper()
	installed := (&real{environment: "cpu"}).installed(t, environments)
	packages, err := filepath.Glob(filepath.Join(installed.Dir, "venv", "lib", "python3*", "site-packages"))
	if err != nil || len(packages) != 1 {
		t.Fatalf("%q, %v", packages, err)
	}
	variables := map[string]string{
		"PYTHONPATH":                     packages[0],
		"VLLM_ENABLE_V1_MULTIPROCESSING": "0", // without a GPU, the engine's process would import everything again
	}
	for name, value := range installed.Environment.Variables {
		variables[name] = value
	}
	text, err := yaml.Marshal(map[string]any{
		"environments": map[string]any{"plugin": map[string]any{"python": installed.Environment.Python, "source": ".", "variables": variables}},
		"engines":      map[string]any{"vllm": map[string]any{"arguments": quick}},
		"default_node": "n1",
		"nodes":        map[string]any{"n1": map[string]any{"environment": "plugin"}},
		"figures":      map[string]any{"2": map[string]any{"nodes": []string{"n1"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
