package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/engine"
	"coldstart/runner/engine/process"
	"coldstart/runner/engine/replay"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/environment"
	"coldstart/runner/lock"
	"coldstart/runner/privacy"
)

// Measuring says with what an engine is started, and how.
type Measuring struct {
	Speed          float64       // of a replay, as replay.Engine has it
	Models         string        // directory of the models
	Environments   string        // directory of the environments; empty is environment.DefaultDir
	Environment    string        // name of the environment of all figures but the first; empty is environment.Default
	Limit          time.Duration // of one start
	KeepIdentities bool          // leave users, hosts and addresses in kept logs
}

// DefaultLimit is how long a start may take: some fifteen times the paper's
// longest.
const DefaultLimit = 30 * time.Minute

// grace is how long a start has to end once it is asked to.
const grace = 10 * time.Second

// NewEngine makes the engine of a plan; the lab's file at matrixPath says in which
// environments.
func (m *Measuring) NewEngine(p *result.Plan, matrixPath string) (engine.Engine, error) {
	switch p.Engine {
	case replay.Name:
		return &replay.Engine{Speed: m.Speed}, nil
	case vllm.Name:
		return m.vllm(matrixPath)
	}
	return nil, unknownEngine(p.Engine)
}

func unknownEngine(name string) error {
	return requestErrorf("engine", "there is no engine %q; choose %s or %s", name, replay.Name, vllm.Name)
}

func (m *Measuring) vllm(matrixPath string) (engine.Engine, error) {
	if m.Models == "" {
		return nil, requestErrorf("models", "say where the models are: --models DIR")
	}
	open, err := m.opener(matrixPath)
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "coldstart", "engine")
	files, err := vllm.LayDown(dir)
	if err != nil {
		return nil, err
	}
	settings, err := vllm.LayDownLogSettings(dir)
	if err != nil {
		return nil, err
	}
	filter := privacy.Secrets(os.Environ())
	if !m.KeepIdentities {
		filter.Identities(privacy.ThisMachine())
	}
	maker := &vllm.Maker{Environment: open, Files: files, LogSettings: settings, Models: m.Models}
	return &process.Engine{Maker: maker, Limit: m.Limit, Grace: grace, Filter: filter}, nil
}

// opener opens the environment that a configuration is measured in: its
// release's, or the one asked for, or the node's own.
func (m *Measuring) opener(matrixPath string) (func(string, *result.Configuration) (*environment.Installed, error), error) {
	file, err := Load(matrixPath)
	if err != nil {
		return nil, err
	}
	store := environment.Store{Dir: m.Environments}
	if store.Dir == "" {
		if store.Dir, err = environment.DefaultDir(); err != nil {
			return nil, err
		}
	}
	return func(node string, c *result.Configuration) (*environment.Installed, error) {
		name := catalogue.Environment(*c)
		if c.Release == "" && m.Environment != "" {
			name = m.Environment
		}
		declared, found := file.Environment(node, name)
		if !found {
			return nil, fmt.Errorf("there is no environment %q; choose of %s, or add it to %s", name, strings.Join(file.AllEnvironments().Names(), ", "), matrixPath)
		}
		return store.Open(declared)
	}, nil
}

// Python is the program of the environment that a cell is measured in, for a
// probe; empty for a replay, and where the environment is not made.
func (m *Measuring) Python(p *result.Plan, matrixPath, node string) string {
	if p.Engine != vllm.Name {
		return ""
	}
	open, err := m.opener(matrixPath)
	if err != nil {
		return ""
	}
	installed, err := open(node, &result.Configuration{})
	if err != nil {
		return ""
	}
	return installed.Python()
}

// Measures tells whether a plan's engine measures the machine that it runs on.
func Measures(p *result.Plan) bool { return p.Engine != replay.Name }

// OneNode is an error for a plan that measures several nodes: one machine is one
// of them.
func OneNode(p *result.Plan) error {
	var nodes []string
	for _, cell := range p.Cells {
		if !slices.Contains(nodes, cell.Node) {
			nodes = append(nodes, cell.Node)
		}
	}
	if Measures(p) && len(nodes) > 1 {
		return requestErrorf("nodes", "engine %s measures this machine, and the plan is of %s: say which of them it is with --nodes", p.Engine, strings.Join(nodes, ", "))
	}
	return nil
}

// Resume makes a plan go on with the session whose results are in dir, which must
// be of the same plan.
func Resume(p *result.Plan, dir string) error {
	begun, err := result.ReadPlan(dir)
	if err != nil {
		return fmt.Errorf("there is nothing to go on with: %w", err)
	}
	p.Session, p.Date = begun.Session, begun.Date
	was, err1 := json.Marshal(begun)
	is, err2 := json.Marshal(p)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if !bytes.Equal(was, is) {
		return requestErrorf("resume", "session %s in %s is of another plan: go on with the figures, nodes, engine, environment and iterations that it was begun with", begun.Session, dir)
	}
	return nil
}

// Lock keeps this machine for the measurement of a plan: one engine at a time on a
// node, whoever asks. Call release when it is done; a process that ends releases
// it too. A replay measures nothing and waits for nobody.
func Lock(p *result.Plan) (release func(), err error) {
	if !Measures(p) {
		return func() {}, nil
	}
	file, err := lock.Take(lockPath)
	var held *lock.HeldError
	if errors.As(err, &held) {
		return nil, fmt.Errorf("this machine is being measured on by %s: wait for its end (%s is its lock)", held.Holder, held.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("this machine cannot be locked for a measurement: %w", err)
	}
	return func() { file.Close() }, nil
}

// lockPath is the same for all users of a machine.
var lockPath = filepath.Join(os.TempDir(), "coldstart-measuring.lock")

// Tries is how often a start that fails is made. What a replay has, it has.
func Tries(p *result.Plan) int {
	if Measures(p) {
		return 2
	}
	return 1
}

// Clock tells when the cells of a plan are finished. A replay's are finished at
// no time, which a nil clock stands for.
func Clock(p *result.Plan) func() time.Time {
	if !Measures(p) {
		return nil
	}
	return time.Now
}

// Tiny is the model that needs no download, by its key and its folder.
const Tiny = "tiny"

// StandIn makes a plan measure the tiny model in place of the one that each of
// its sets has. A set of several models would compare it with itself.
func StandIn(p *result.Plan) error {
	var several []string
	for i := range p.Sets {
		set := &p.Sets[i]
		if len(set.Configurations) != 1 {
			several = append(several, set.Name)
			continue
		}
		set.Configurations = []result.Configuration{{ID: Tiny, Model: Tiny}}
	}
	if len(several) > 0 {
		return requestErrorf("figures", "the tiny model can stand in for one model, and not for the several of %s: choose figure 2 or 12", strings.Join(several, ", "))
	}
	p.Models = []result.Model{{Key: Tiny, Label: "Tiny"}}
	for i := range p.Figures {
		p.Figures[i].Title += " (stand-in: a tiny model with random weights)"
		p.Figures[i].Models = []string{Tiny}
	}
	return nil
}

// ModelsDir is where the tiny model is made unless another place is named.
func ModelsDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no place for models: %w; name one with --models DIR", err)
	}
	return filepath.Join(cache, "coldstart", "models"), nil
}
