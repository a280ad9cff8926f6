package lab

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/environment"
	"coldstart/runner/hardware"
)

// Host is this machine: where it keeps things, and how it starts an engine. The zero
// Host keeps them where coldstart does by default.
type Host struct {
	ModelsDir       string        // empty is the node's in the matrix
	EnvironmentsDir string        // empty is environment.DefaultDir
	StateDir        string        // of finished runs; empty is measure.DefaultLedgerDir
	Limit           time.Duration // of one start; 0 is the engine's own, or else DefaultLimit
	Speed           float64       // of a replay, as replay.Engine has it
	KeepIdentities  bool          // leave users, hosts and addresses in kept logs
}

// DefaultLimit is how long a start may take: some fifteen times the paper's
// longest.
const DefaultLimit = 30 * time.Minute

// modelsOf is the directory of the models if this machine is a node; empty if none is
// known.
func (h *Host) modelsOf(n *Node) string {
	if h.ModelsDir != "" {
		return h.ModelsDir
	}
	return n.ModelsDir
}

// Store is where the environments of this machine are, an absolute path.
func (h *Host) Store() (store environment.Store, err error) {
	if h.EnvironmentsDir == "" {
		store.Dir, err = environment.DefaultDir()
	} else {
		store.Dir, err = filepath.Abs(h.EnvironmentsDir) // uv runs in another directory
	}
	return store, err
}

// Open opens an environment that was set up on this machine.
func (h *Host) Open(e environment.Environment) (*environment.Installed, error) {
	store, err := h.Store()
	if err != nil {
		return nil, err
	}
	return store.Open(e)
}

// opener opens what a configuration is measured in on a node, if an environment is
// asked for by name or none.
func (h *Host) opener(n *Node, asked string) func(*result.Configuration) (*environment.Installed, error) {
	return func(c *result.Configuration) (*environment.Installed, error) {
		e, err := n.environmentOf(asked, c)
		if err != nil {
			return nil, err
		}
		return h.Open(e)
	}
}

// Checker checks what coldstart's own vLLM is measured in on a node, if an environment is asked
// for by name or none. It is nil if the lab has an engine of that name.
func (h *Host) Checker(n *Node, asked string) *environment.Checker {
	if n.lab.has(vllm.Name) {
		return nil
	}
	return &environment.Checker{Open: h.opener(n, asked), Variables: n.lab.file.EngineSettings(vllm.Name).Variables}
}

// Made names those of the lab's environments that are made on this machine.
func (h *Host) Made(l *Lab) (names []string) {
	for _, e := range l.environments() {
		if e, err := l.sourced(e); err == nil {
			if _, err := h.Open(e); err == nil {
				names = append(names, e.Name)
			}
		}
	}
	return names
}

// SetUp makes the environments that a set of a plan is measured in on a node, unless they
// exist. progress is told each step, in one line. Nothing is made if the models are missing.
func (h *Host) SetUp(ctx context.Context, n *Node, p *result.Plan, set *result.Set, progress func(string)) error {
	if set == nil {
		return nil
	}
	if err := h.checkModels(n, p); err != nil {
		return err
	}
	needed, err := n.MeasuredIn(p, set)
	if err != nil || len(needed) == 0 {
		return err
	}
	store, err := h.Store()
	if err != nil {
		return err
	}
	for _, e := range needed {
		options := environment.Options{Progress: func(line string) { progress(fmt.Sprintf("%s: %s", e.Name, line)) }}
		if _, err := store.Setup(ctx, e, options); err != nil {
			return err
		}
	}
	return nil
}

// Places are where a node, which is this machine, has its models and the Python of its
// environment, for a probe: if one is asked for by name or none. What is unknown or not set
// up is empty.
func (h *Host) Places(n *Node, asked string) hardware.Options { return h.places(n, vllm.Name, asked) }

func (h *Host) places(n *Node, engine, asked string) hardware.Options {
	places := hardware.Options{Models: h.modelsOf(n)}
	if n.lab.has(engine) {
		return places
	}
	e, err := n.Environment(asked)
	if err != nil {
		return places
	}
	if installed, err := h.Open(e); err == nil {
		places.Python, places.Variables = installed.Python(), installed.Environment.Leading()
	}
	return places
}
