package vllm

import (
	"errors"
	"maps"
	"path/filepath"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// Name is the engine's name in plans and on the command line.
const Name = "vllm"

// Maker makes the commands that start vLLM.
type Maker struct {
	// Environment opens what a configuration is measured in on a node.
	Environment func(node string, c *result.Configuration) (*environment.Installed, error)
	Files       Files
	LogSettings string // path of what local.LayDownLogSettings laid down
	Models      string // directory of the models
	// Caches is the directory of what vLLM, PyTorch and Triton compile: a session's
	// own, so that its warm-up finds it empty, and its counted runs warm.
	Caches string
}

var _ local.Maker = (*Maker)(nil)

// Check tells whether every environment of a set is made and has what the set's
// configurations ask for, and whether every model is complete.
func (m *Maker) Check(set *result.Set, node string) error {
	open := func(c *result.Configuration) (*environment.Installed, error) { return m.Environment(node, c) }
	return errors.Join(environment.CheckAll(set, open), models.CheckAll(m.Models, set))
}

// Origin is the environment, what coldstart adds to it, and the model.
func (m *Maker) Origin(run engine.Run) (*engine.Origin, error) {
	installed, err := m.Environment(run.Node, run.Configuration)
	if err != nil {
		return nil, err
	}
	folder := models.Folder(run.Configuration)
	model, err := models.Fingerprint(m.Models, folder)
	return &engine.Origin{
		Environment: installed.Record.Result(), Program: Hash(), Variables: installed.Environment.Variables,
		Model: model, StandIn: models.IsStandIn(m.Models, folder),
	}, err
}

// Command is the start of a run's configuration, with its variables and the set's and
// the protocol's log settings.
func (m *Maker) Command(run engine.Run) (local.Command, error) {
	installed, err := m.Environment(run.Node, run.Configuration)
	if err != nil {
		return local.Command{}, err
	}
	variables := map[string]string{
		"VLLM_LOGGING_CONFIG_PATH": m.LogSettings, "PYTHONUNBUFFERED": "1",
		"VLLM_CACHE_ROOT":         filepath.Join(m.Caches, "vllm"),
		"TORCHINDUCTOR_CACHE_DIR": filepath.Join(m.Caches, "torchinductor"),
		"TRITON_CACHE_DIR":        filepath.Join(m.Caches, "triton"),
	}
	maps.Copy(variables, run.Set.Variables)
	maps.Copy(variables, run.Configuration.Variables)
	if run.GPU != nil {
		maps.Copy(variables, local.OnlyGPU(*run.GPU))
	}
	s := start{
		Environment: installed, Files: m.Files, Variables: variables,
		Model: filepath.Join(m.Models, models.Folder(run.Configuration)), Args: run.Configuration.Args,
	}
	return local.Command{Args: s.command(), Env: s.environ(), Verify: installed.Verify, Grouped: true}, nil
}
