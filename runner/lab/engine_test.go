package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/replay"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/paper"
)

const matrixPath = "paper.yaml"

// ownLab is the paper's lab, as if it were a user's file.
func ownLab(t *testing.T) *Lab {
	t.Helper()
	l, err := Open(matrixPath)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// nodeOf is a node of ownLab.
func nodeOf(t *testing.T, name string) *Node {
	t.Helper()
	n, err := ownLab(t).Node(name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func requestOf(engine, figures string, nodes ...string) Request {
	return Request{Figures: figures, Nodes: nodes, Engine: engine, Iterations: 2}
}

func planOf(t *testing.T, engine, figures string, nodes ...string) *result.Plan {
	t.Helper()
	p, _, err := ownLab(t).Plan(requestOf(engine, figures, nodes...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// at is a Host that leaves the user's own directories alone, and the
// machine's lock.
func at(t *testing.T) *Host {
	t.Helper()
	dir := t.TempDir()
	shared := LockDir
	t.Cleanup(func() { LockDir = shared })
	LockDir = dir
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	return &Host{
		ModelsDir: filepath.Join(dir, "models"), EnvironmentsDir: filepath.Join(dir, "environments"),
		StateDir: filepath.Join(dir, "state"),
	}
}

// What an engine that measures cannot do is said before anything is begun.
func TestMeasuringRefuses(t *testing.T) {
	asked := func(change func(*Request)) func() error {
		return func() error {
			request := requestOf(vllm.Name, "2", "n1")
			change(&request)
			_, _, err := ownLab(t).Plan(request)
			return err
		}
	}
	tests := []struct {
		name string
		do   func() error
		want string
	}{
		{"several nodes", func() error { _, err := ownLab(t).Here(planOf(t, vllm.Name, "10")); return err },
			"engine vllm measures this machine, but the plan has the nodes n1, n2"},
		{"no models directory", func() error {
			_, _, err := (&Host{}).Begin(nodeOf(t, "n1"), planOf(t, vllm.Name, "2", "n1"))
			return err
		}, "say where the models are: --models DIR, or models: of node n1 in hardware-matrix.yaml"},
		{"no models directory of the second node of a figure", func() error {
			_, _, err := (&Host{}).Begin(nodeOf(t, "n2"), planOf(t, vllm.Name, "10"))
			return err
		}, "or models: of node n2 in hardware-matrix.yaml"},
		{"no models directory, before an environment is made", func() error {
			p := planOf(t, vllm.Name, "2", "n1")
			return (&Host{}).SetUp(t.Context(), nodeOf(t, "n1"), p, &p.Sets[0], func(string) { t.Error("an environment is made") })
		}, "or models: of node n1 in hardware-matrix.yaml"},
		{"no models directories in the matrix", func() error { return ownLab(t).CheckModels(planOf(t, vllm.Name, "7,10")) },
			"engine vllm needs models: say with models: in " + matrixPath + " where they are on n1, n2"},
		{"a stand-in for several models", asked(func(r *Request) { r.Figures, r.Tiny = "2,7", true }),
			"--tiny works with figures 2 and 12, which measure a single model, not with no-torch-compile"},
		{"an unknown engine", asked(func(r *Request) { r.Engine = "warp" }), `there is no engine "warp"; choose one of replay, vllm, or add it under engines:`},
		{"a replay that serves", asked(func(r *Request) { r.Engine, r.Start = replay.Name, result.Serve }),
			"--start serve needs an engine that measures: the runs that the paper recorded did not serve"},
		{"a stand-in for a replay", asked(func(r *Request) { r.Engine, r.Tiny = replay.Name, true }),
			"--tiny needs an engine that measures, such as --engine vllm"},
		{"no iterations", asked(func(r *Request) { r.Iterations = 0 }), "iterations must be from 1 to 1000, not 0"},
		{"an environment for a replay", asked(func(r *Request) { r.Engine, r.Environment = replay.Name, "cpu" }),
			`environment "cpu" needs an engine that measures`},
		{"a replay to resume", func() error { return at(t).Resume(planOf(t, replay.Name, "2"), "paper") }, "start a replay anew"},
		{"no session to resume", func() error { return at(t).Resume(planOf(t, vllm.Name, "2", "n1"), "20261124T150000Z-0001") },
			`has no session "20261124T150000Z-0001"; it has none`},
	}
	for _, test := range tests {
		var wrong RequestError
		if err := test.do(); !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want a RequestError that says %q", test.name, err, test.want)
		}
	}
}

// A replay measures nothing, waits for nobody, and may be of any number of nodes.
func TestReplayMeasuresNothing(t *testing.T) {
	if replay.Name != result.Replay {
		t.Errorf("the engine is called %q, and reports know it as %q", replay.Name, result.Replay)
	}
	p := planOf(t, replay.Name, "10")
	node, err := ownLab(t).Here(p)
	if err != nil || node != nil {
		t.Errorf("%v, is of node %v", err, node)
	}
	session, _, err := at(t).Begin(node, p)
	if err != nil || session.Machine != nil || session.Probe != nil {
		t.Errorf("%v, session %+v", err, session)
	}
}

// Every session that measures is one of its own, also within a second.
func TestSessions(t *testing.T) {
	first, second := planOf(t, vllm.Name, "2", "n1"), planOf(t, vllm.Name, "2", "n1")
	if first.Session == second.Session {
		t.Errorf("two sessions are called %q", first.Session)
	}
	if date, ok := begun(first.Session); !ok || !date.Equal(first.Date) {
		t.Errorf("session %q began %v, its name says %v", first.Session, first.Date, date)
	}
	if name := planOf(t, replay.Name, "2").Session; name != paper.Session {
		t.Errorf("a replay's session is %q", name)
	}
}

// A session is gone on with by its name, which says when it began.
func TestResume(t *testing.T) {
	h := at(t)
	began := planOf(t, vllm.Name, "2", "n1")
	if err := os.MkdirAll(filepath.Join(h.StateDir, began.Session), 0o755); err != nil {
		t.Fatal(err)
	}
	p := planOf(t, vllm.Name, "12", "n1")
	if err := h.Resume(p, began.Session); err != nil || p.Session != began.Session || !p.Date.Equal(began.Date) {
		t.Errorf("%v, session %s of %v", err, p.Session, p.Date)
	}
	if err := h.Resume(p, "tuesday"); err == nil || !strings.Contains(err.Error(), "the last are "+began.Session) {
		t.Errorf("an unknown session: %v", err)
	}
}

// A stand-in says so wherever the figure is shown.
func TestStandIn(t *testing.T) {
	request := requestOf(vllm.Name, "2,12", "n1")
	request.Tiny = true
	p, _, err := ownLab(t).Plan(request)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range p.Sets {
		if len(set.Configurations) != 1 || set.Configurations[0].Model != tiny {
			t.Errorf("set %s measures %+v", set.Name, set.Configurations)
		}
	}
	for _, f := range p.Figures {
		if !strings.HasSuffix(f.Title, ": a tiny model in its place") {
			t.Errorf("figure %s is titled %q", f.Number, f.Title)
		}
	}
}

// An engine that lacks its environment or a model says so of the cell, with what
// to do about it.
func TestCheckNamesWhatLacks(t *testing.T) {
	h := at(t)
	p := planOf(t, vllm.Name, "2", "n1")
	session, release, err := h.Begin(nodeOf(t, "n1"), p)
	if err != nil {
		t.Fatal(err)
	}
	release()
	err = session.Engine.Check(&p.Sets[0], "n1")
	for _, part := range []string{"'coldstart setup --environment vllm-0.10.1.1'", filepath.Join(h.ModelsDir, "llama3-3b") + ": no such model folder"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v lacks %q", err, part)
		}
	}
	p.Environment = "warp"
	if session, release, err = h.Begin(nodeOf(t, "n1"), p); err != nil {
		t.Fatal(err)
	}
	release()
	if err := session.Engine.Check(&p.Sets[0], "n1"); err == nil || !strings.Contains(err.Error(), `there is no environment "warp"; choose one of vllm-0.10.1.1, `) {
		t.Errorf("error %v", err)
	}
}

// A hardware cell starts no engine, so that it needs no models.
func TestHardwareNeedsNoModels(t *testing.T) {
	h := at(t)
	h.ModelsDir = ""
	p, _, _, err := ownLab(t).PlanHardware(requestOf(vllm.Name, ""), "n1", "")
	if err != nil {
		t.Fatal(err)
	}
	_, release, err := h.Begin(nodeOf(t, "n1"), p)
	if err != nil {
		t.Fatal(err)
	}
	release()
}

// Two measurements on one machine would measure each other, also those of two jobs
// of a cluster.
func TestLock(t *testing.T) {
	h, n1 := at(t), nodeOf(t, "n1")
	measuring := planOf(t, vllm.Name, "2", "n1")
	_, release, err := h.Begin(n1, measuring)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	if _, _, err := h.Begin(n1, measuring); err == nil || !strings.Contains(err.Error(), "another measurement runs on this machine, process ") {
		t.Errorf("a second measurement: %v", err)
	}
	if _, _, err := h.Begin(nil, planOf(t, replay.Name, "2")); err != nil {
		t.Errorf("a replay: %v", err)
	}
	release()
	_, release, err = h.Begin(n1, measuring)
	if err != nil {
		t.Fatalf("after the first: %v", err)
	}
	release()
}

// A lab's own engine is chosen by its name, and one that is called vllm comes
// before coldstart's.
func TestOwnEngine(t *testing.T) {
	text, err := os.ReadFile(matrixPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"container", vllm.Name} {
		h := at(t)
		path := filepath.Join(t.TempDir(), "lab.yaml")
		own := fmt.Sprintf("engines:\n  %s: {command: [sh, -c, 'echo \"$COLDSTART_SET $COLDSTART_NODE $COLDSTART_CONFIGURATION $COLDSTART_ITERATION $VLLM_USE_V1 $A $0 $@\"', own], variables: {A: b}, limit: 1m}\n", name)
		if err := os.WriteFile(path, append([]byte(own), text...), 0o644); err != nil {
			t.Fatal(err)
		}
		l, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		served := requestOf(name, "9", "n1")
		served.Start = result.Serve
		if _, _, err := l.Plan(served); err == nil || !strings.Contains(err.Error(), "engine "+name+" is a command of hardware-matrix.yaml, which cannot be started with --start serve") {
			t.Errorf("engine %s that serves: %v", name, err)
		}
		p, _, err := l.Plan(requestOf(name, "9", "n1"))
		if err != nil {
			t.Fatal(err)
		}
		n1, err := l.Here(p)
		if err != nil {
			t.Fatal(err)
		}
		h.ModelsDir = ""
		session, release, err := h.Begin(n1, p)
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		if err := session.Engine.Check(&p.Sets[0], "n1"); err != nil {
			t.Error(err)
		}
		if got, want := printed(t, session.Engine, &p.Sets[0]), "graph-batch-sizes n1 llama2-7b-hf_cuda-graph-sizes_1 3 1 b own --model llama2-7b-hf --cuda-graph-sizes 1\n"; got != want {
			t.Errorf("engine %s was asked for\n%swant\n%s", name, got, want)
		}
		if err := h.SetUp(context.Background(), n1, p, &p.Sets[0], func(string) { t.Error("an environment is made") }); err != nil {
			t.Error(err)
		}
	}
}

// printed is what an engine prints on the third run of a set's first
// configuration.
func printed(t *testing.T, e engine.Engine, set *result.Set) string {
	t.Helper()
	var log bytes.Buffer
	run := engine.Run{Set: set, Configuration: &set.Configurations[0], Node: "n1", Iteration: 3}
	if _, err := e.Start(t.Context(), run, &log); err != nil {
		t.Fatal(err)
	}
	return log.String()
}
