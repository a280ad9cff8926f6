package measure

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine"
)

var anyRun = engine.Run{
	Set: &result.Set{Name: "models", Variables: map[string]string{"VLLM_USE_V1": "1"}}, Node: "n1",
	Configuration: &result.Configuration{ID: "qwen-4b", Model: "qwen-4b"},
}

func openPage(t *testing.T, dir string) *page {
	t.Helper()
	p, err := Ledger{Dir: dir}.page(identityOf("s1", "vllm", anyRun, engine.Origin{Model: "abc"}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// measured is a finished run, and where its log lies.
func measured(t *testing.T, iteration int, failed string) (result.Run, string) {
	t.Helper()
	run := result.Run{Iteration: iteration, Configuration: "qwen-4b", Log: "logs/1/qwen-4b.log", Failed: failed}
	run.Seconds.Set(phase.LoadWeights, 1.25)
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte("Loading weights took 1.25 seconds\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return run, path
}

// What is kept comes back, try by try, with its log and samples.
func TestKeepAndEntries(t *testing.T) {
	dir := t.TempDir()
	usage := &result.CPUUsage{Interval: 0.1, Samples: [][]float64{{1, 2}, {3, 4}}}
	failed, log := measured(t, 1, "it fell over")
	if err := openPage(t, dir).keep(entry{Run: failed}, 1, log); err != nil {
		t.Fatal(err)
	}
	up, log := measured(t, 1, "")
	if err := openPage(t, dir).keep(entry{Run: up, Usage: usage, PageCache: "boot/3"}, 2, log); err != nil {
		t.Fatal(err)
	}
	other, log := measured(t, 11, "")
	if err := openPage(t, dir).keep(entry{Run: other}, 1, log); err != nil {
		t.Fatal(err)
	}
	entries, err := openPage(t, dir).entries(1)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if diff := cmp.Diff([]result.Run{failed, up}, []result.Run{entries[0].Run, entries[1].Run}, cmp.Comparer(func(a, b phase.Times) bool { return a == b })); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	if entries[0].Usage != nil || entries[1].Usage == nil || len(entries[1].Usage.Samples) != 2 {
		t.Errorf("samples %v, %v", entries[0].Usage, entries[1].Usage)
	}
	if entries[0].PageCache != "" || entries[1].PageCache != "boot/3" {
		t.Errorf("lives of the page cache %q, %q", entries[0].PageCache, entries[1].PageCache)
	}
	to := filepath.Join(t.TempDir(), "cell", "log")
	if err := entries[1].shareLog(to); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(to); string(text) != "Loading weights took 1.25 seconds\n" {
		t.Errorf("the log is %q", text)
	}
	if entries, err := openPage(t, dir).entries(2); err != nil || len(entries) != 0 {
		t.Errorf("an iteration that was not measured has %d entries, %v", len(entries), err)
	}
}

// A run is there once its .json is: what an interruption left of one is no run.
func TestInterruptedKeep(t *testing.T) {
	dir := t.TempDir()
	run, log := measured(t, 1, "")
	p := openPage(t, dir)
	if err := p.keep(entry{Run: run}, 1, log); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(p.dir, "1.1.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, ".1.1.json4711"), []byte("{"), 0o644); err != nil { // renameio's, half written
		t.Fatal(err)
	}
	if entries, err := p.entries(1); err != nil || len(entries) != 0 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// A damaged run is named, and neither taken nor measured over.
func TestDamagedEntry(t *testing.T) {
	for _, text := range []string{"", "{", `{"schema": 99}`, `{"schema": 1, "run": {"iteration": 3}}`} {
		p := openPage(t, t.TempDir())
		path := filepath.Join(p.dir, "1.1.json")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := p.entries(1); err == nil || !strings.Contains(err.Error(), path+": ") || !strings.Contains(err.Error(), "move the file away") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

// Whatever could change a run's result makes another identity.
func TestIdentities(t *testing.T) {
	changed := func(change func(*engine.Run, *engine.Origin)) (engine.Run, engine.Origin) {
		run, set, c := anyRun, *anyRun.Set, *anyRun.Configuration
		run.Set, run.Configuration = &set, &c
		origin := engine.Origin{Environment: &result.InstalledEnvironment{Name: "cpu", SHA256: "1"}, Model: "abc"}
		change(&run, &origin)
		return run, origin
	}
	changes := map[string]func(*engine.Run, *engine.Origin){
		"nothing":        func(*engine.Run, *engine.Origin) {},
		"GPU 0":          func(r *engine.Run, _ *engine.Origin) { r.GPU = "0" },
		"GPU 1":          func(r *engine.Run, _ *engine.Origin) { r.GPU = "1" },
		"node":           func(r *engine.Run, _ *engine.Origin) { r.Node = "n2" },
		"set":            func(r *engine.Run, _ *engine.Origin) { r.Set.Name = "breakdown" },
		"page cache":     func(r *engine.Run, _ *engine.Origin) { r.Set.DropPageCache = true },
		"start":          func(r *engine.Run, _ *engine.Origin) { r.Set.Start = result.Serve },
		"sampling":       func(r *engine.Run, _ *engine.Origin) { r.Set.SampleCPU = true },
		"variables":      func(r *engine.Run, _ *engine.Origin) { r.Set.Variables = nil },
		"release":        func(r *engine.Run, _ *engine.Origin) { r.Configuration.Release = "0.4.0" },
		"arguments":      func(r *engine.Run, _ *engine.Origin) { r.Configuration.Args = []result.Arg{{Name: "x"}} },
		"environment":    func(_ *engine.Run, o *engine.Origin) { o.Environment.SHA256 = "2" },
		"no environment": func(_ *engine.Run, o *engine.Origin) { o.Environment = nil },
		"program":        func(_ *engine.Run, o *engine.Origin) { o.Program = "3" },
		"own variables":  func(_ *engine.Run, o *engine.Origin) { o.Variables = map[string]string{"A": "b"} },
		"model":          func(_ *engine.Run, o *engine.Origin) { o.Model = "def" },
	}
	dir := t.TempDir()
	seen := map[string]string{}
	for name, change := range changes {
		run, origin := changed(change)
		p, err := Ledger{Dir: dir}.page(identityOf("s1", "vllm", run, origin))
		if err != nil {
			t.Fatal(err)
		}
		if other, twice := seen[p.dir]; twice {
			t.Errorf("%s and %s are one identity", name, other)
		}
		seen[p.dir] = name
		run.Iteration = 3
		if again, err := (Ledger{Dir: dir}).page(identityOf("s1", "vllm", run, origin)); err != nil || again.dir != p.dir {
			t.Errorf("%s: the same identity is not found again: %v", name, err)
		}
	}
}

// Values of secrets do not get into the identity that is written down.
func TestIdentityHasNoSecrets(t *testing.T) {
	dir := t.TempDir()
	p, err := Ledger{Dir: dir}.page(identityOf("s1", "vllm", anyRun, engine.Origin{Variables: map[string]string{"HF_TOKEN": "hf_abcdefgh", "A": "plain"}}))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(p.dir, "identity.json"))
	if err != nil || strings.Contains(string(text), "hf_abcdefgh") || !strings.Contains(string(text), "plain") {
		t.Errorf("%v, wrote\n%s", err, text)
	}
}

func TestSessions(t *testing.T) {
	dir := t.TempDir()
	if sessions, err := Sessions(filepath.Join(dir, "nothing")); err != nil || len(sessions) != 0 {
		t.Errorf("%q, %v", sessions, err)
	}
	openPage(t, dir)
	if sessions, err := Sessions(dir); err != nil || !cmp.Equal(sessions, []string{"s1"}) {
		t.Errorf("%q, %v", sessions, err)
	}
	for _, name := range []string{"", "..", "a/b", `a\b`} {
		if _, err := (Ledger{Dir: dir}).page(identityOf(name, "vllm", anyRun, engine.Origin{})); err == nil {
			t.Errorf("session %q has a folder", name)
		}
	}
}
