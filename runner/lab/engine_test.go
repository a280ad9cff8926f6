package lab

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/engine/replay"
	"coldstart/runner/engine/vllm"
)

const matrixPath = "../../hardware-matrix.yaml"

func planOf(t *testing.T, engine, figures string, nodes ...string) *result.Plan {
	t.Helper()
	request := Request{Matrix: matrixPath, Figures: figures, Nodes: nodes, Engine: engine, Iterations: 2}
	p, _, err := request.Plan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What an engine that measures cannot do is said before anything is begun.
func TestMeasuringRefuses(t *testing.T) {
	tests := []struct {
		name string
		do   func() error
		want string
	}{
		{"several nodes", func() error { return OneNode(planOf(t, vllm.Name, "10")) },
			"engine vllm measures this machine, and the plan is of n1, n2"},
		{"no models directory", func() error {
			_, err := (&Measuring{}).NewEngine(planOf(t, vllm.Name, "2", "n1"), matrixPath)
			return err
		}, "say where the models are: --models DIR"},
		{"a stand-in for several models", func() error { return StandIn(planOf(t, vllm.Name, "2,7", "n1")) },
			"the tiny model can stand in for one model, and not for the several of no-torch-compile"},
		{"an unknown engine", func() error {
			_, err := (&Measuring{}).NewEngine(&result.Plan{Engine: "warp"}, matrixPath)
			return err
		}, `there is no engine "warp"; choose replay or vllm`},
	}
	for _, test := range tests {
		var wrong RequestError
		if err := test.do(); !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want a RequestError that says %q", test.name, err, test.want)
		}
	}
}

// A replay measures nothing, and may be of any number of nodes.
func TestReplayMeasuresNothing(t *testing.T) {
	p := planOf(t, replay.Name, "10")
	if err := OneNode(p); err != nil || Measures(p) || Clock(p) != nil || Tries(p) != 1 {
		t.Errorf("%v, measures %t, tries %d", err, Measures(p), Tries(p))
	}
}

// Every session that measures is one of its own.
func TestSessions(t *testing.T) {
	if name := planOf(t, vllm.Name, "2", "n1").Session; name == replay.Session || name == "" {
		t.Errorf("a measurement's session is %q", name)
	}
	if name := planOf(t, replay.Name, "2").Session; name != replay.Session {
		t.Errorf("a replay's session is %q", name)
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
		if !strings.Contains(f.Title, "stand-in") {
			t.Errorf("figure %s is titled %q", f.Number, f.Title)
		}
	}
}

// An engine that lacks its environment or a model says so of the cell, with what
// to do about it.
func TestCheckNamesWhatLacks(t *testing.T) {
	p := planOf(t, vllm.Name, "2", "n1")
	m := &Measuring{Models: t.TempDir(), Environments: t.TempDir(), Limit: DefaultLimit}
	e, err := m.NewEngine(p, matrixPath)
	if err != nil {
		t.Fatal(err)
	}
	err = e.Check(&p.Sets[0], "n1")
	for _, part := range []string{"'coldstart setup --environment vllm-0.10.1.1'", filepath.Join(m.Models, "llama3-3b") + ": no such model folder"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("error %v lacks %q", err, part)
		}
	}
	if m.Python(p, matrixPath, "n1") != "" {
		t.Error("an environment that is not made has a Python")
	}
	m.Environment = "warp"
	if e, err = m.NewEngine(p, matrixPath); err != nil {
		t.Fatal(err)
	}
	if err := e.Check(&p.Sets[0], "n1"); err == nil || !strings.Contains(err.Error(), `there is no environment "warp"; choose of vllm-0.10.1.1, `) {
		t.Errorf("error %v", err)
	}
}

// Two measurements on one machine would measure each other.
func TestLock(t *testing.T) {
	lockPath = filepath.Join(t.TempDir(), "lock")
	measuring, replaying := planOf(t, vllm.Name, "2", "n1"), planOf(t, replay.Name, "2")
	release, err := Lock(measuring)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(measuring); err == nil || !strings.Contains(err.Error(), "this machine is being measured on by process ") {
		t.Errorf("a second measurement: %v", err)
	}
	if _, err := Lock(replaying); err != nil {
		t.Errorf("a replay: %v", err)
	}
	release()
	if release, err = Lock(measuring); err != nil {
		t.Errorf("after the first: %v", err)
	} else {
		release()
	}
}

// A session is gone on with by the plan that it was begun with and no other.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	begun := planOf(t, vllm.Name, "2", "n1")
	begun.Session = "tuesday"
	if _, err := result.Create(dir, begun); err != nil {
		t.Fatal(err)
	}
	same := planOf(t, vllm.Name, "2", "n1")
	if err := Resume(same, dir); err != nil || same.Session != "tuesday" {
		t.Errorf("session %s, %v", same.Session, err)
	}
	var wrong RequestError
	if err := Resume(planOf(t, vllm.Name, "12", "n1"), dir); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "session tuesday in "+dir+" is of another plan") {
		t.Errorf("another plan: %v", err)
	}
	if err := Resume(same, t.TempDir()); err == nil || !strings.Contains(err.Error(), "there is nothing to go on with") {
		t.Errorf("an empty directory: %v", err)
	}
}
