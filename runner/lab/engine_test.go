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
)

const matrixPath = "../../hardware-matrix.yaml"

func requestOf(engine, figures string, nodes ...string) *Request {
	return &Request{Matrix: matrixPath, Figures: figures, Nodes: nodes, Engine: engine, Iterations: 2}
}

func planOf(t *testing.T, engine, figures string, nodes ...string) *result.Plan {
	t.Helper()
	p, _, err := requestOf(engine, figures, nodes...).Plan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// at is a Measuring that leaves the user's own directories alone, and the
// machine's lock.
func at(t *testing.T) *Measuring {
	t.Helper()
	dir := t.TempDir()
	shared := LockDir
	t.Cleanup(func() { LockDir = shared })
	LockDir = dir
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	return &Measuring{Models: filepath.Join(dir, "models"), Environments: filepath.Join(dir, "environments"), State: filepath.Join(dir, "state")}
}

// What an engine that measures cannot do is said before anything is begun.
func TestMeasuringRefuses(t *testing.T) {
	asked := func(change func(*Request)) func() error {
		return func() error {
			request := requestOf(vllm.Name, "2", "n1")
			change(request)
			_, _, err := request.Plan()
			return err
		}
	}
	tests := []struct {
		name string
		do   func() error
		want string
	}{
		{"several nodes", func() error { return OneNode(planOf(t, vllm.Name, "10")) },
			"engine vllm measures this machine, and the plan is of n1, n2"},
		{"no models directory", func() error {
			_, _, err := (&Measuring{}).Begin(planOf(t, vllm.Name, "2", "n1"), matrixPath)
			return err
		}, "say where the models are: --models DIR, or models: of node n1 in the lab's file"},
		{"a stand-in for several models", func() error { return StandIn(planOf(t, vllm.Name, "2,7", "n1")) },
			"the tiny model can stand in for one model, and not for the several of no-torch-compile"},
		{"an unknown engine", asked(func(r *Request) { r.Engine = "warp" }), `there is no engine "warp"; choose of replay, vllm, or add it under engines:`},
		{"no iterations", asked(func(r *Request) { r.Iterations = 0 }), "iterations must be at least 1, not 0"},
		{"an environment for a replay", asked(func(r *Request) { r.Engine, r.Environment = replay.Name, "cpu" }), `environment "cpu" is of a measurement`},
		{"a replay to resume", func() error { return at(t).Resume(planOf(t, replay.Name, "2"), "paper") }, "a replay is quick to begin anew"},
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
	if err := OneNode(p); err != nil || Measures(p) {
		t.Errorf("%v, measures %t", err, Measures(p))
	}
	session, _, err := at(t).Begin(p, matrixPath)
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
	if name := planOf(t, replay.Name, "2").Session; name != replay.Session {
		t.Errorf("a replay's session is %q", name)
	}
}

// A session is gone on with by its name, which says when it began.
func TestResume(t *testing.T) {
	m := at(t)
	began := planOf(t, vllm.Name, "2", "n1")
	if err := os.MkdirAll(filepath.Join(m.State, began.Session), 0o755); err != nil {
		t.Fatal(err)
	}
	p := planOf(t, vllm.Name, "12", "n1")
	if err := m.Resume(p, began.Session); err != nil || p.Session != began.Session || !p.Date.Equal(began.Date) {
		t.Errorf("%v, session %s of %v", err, p.Session, p.Date)
	}
	if err := m.Resume(p, "tuesday"); err == nil || !strings.Contains(err.Error(), "the last are "+began.Session) {
		t.Errorf("an unknown session: %v", err)
	}
}

// A stand-in says so wherever the figure is shown.
func TestStandIn(t *testing.T) {
	p := planOf(t, vllm.Name, "2,12", "n1")
	if err := StandIn(p); err != nil {
		t.Fatal(err)
	}
	for _, set := range p.Sets {
		if len(set.Configurations) != 1 || set.Configurations[0].Model != Tiny {
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
	m := at(t)
	p := planOf(t, vllm.Name, "2", "n1")
	session, release, err := m.Begin(p, matrixPath)
	if err != nil {
		t.Fatal(err)
	}
	release()
	err = session.Engine.Check(&p.Sets[0], "n1")
	for _, part := range []string{"'coldstart setup --environment vllm-0.10.1.1'", filepath.Join(m.Models, "llama3-3b") + ": no such model folder"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v lacks %q", err, part)
		}
	}
	p.Environment = "warp"
	if err := session.Engine.Check(&p.Sets[0], "n1"); err == nil || !strings.Contains(err.Error(), `there is no environment "warp"; choose of vllm-0.10.1.1, `) {
		t.Errorf("error %v", err)
	}
}

// Two measurements on one machine would measure each other, also those of two jobs
// of a cluster.
func TestLock(t *testing.T) {
	m := at(t)
	measuring := planOf(t, vllm.Name, "2", "n1")
	_, release, err := m.Begin(measuring, matrixPath)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	if _, _, err := m.Begin(measuring, matrixPath); err == nil || !strings.Contains(err.Error(), "this machine is being measured on by process ") {
		t.Errorf("a second measurement: %v", err)
	}
	if _, _, err := m.Begin(planOf(t, replay.Name, "2"), matrixPath); err != nil {
		t.Errorf("a replay: %v", err)
	}
	release()
	_, release, err = m.Begin(measuring, matrixPath)
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
		m := at(t)
		path := filepath.Join(t.TempDir(), "lab.yaml")
		own := fmt.Sprintf("engines:\n  %s: {command: [sh, -c, 'echo \"$COLDSTART_SET $COLDSTART_NODE $COLDSTART_CONFIGURATION $COLDSTART_ITERATION $VLLM_USE_V1 $A $0 $@\"', own], variables: {A: b}, limit: 1m}\n", name)
		if err := os.WriteFile(path, append([]byte(own), text...), 0o644); err != nil {
			t.Fatal(err)
		}
		request := requestOf(name, "9", "n1")
		request.Matrix = path
		p, _, err := request.Plan()
		if err != nil {
			t.Fatal(err)
		}
		m.Models = ""
		session, release, err := m.Begin(p, path)
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
		if err := m.SetUp(context.Background(), p, path, p.Cells[0], func(string) { t.Error("an environment is made") }); err != nil {
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
