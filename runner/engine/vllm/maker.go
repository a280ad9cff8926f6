package vllm

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// Name is the engine's name in plans and on the command line.
const Name = "vllm"

// maker makes the commands that start vLLM.
type maker local.Places

// New makes a Maker, and lays down launcher and plugin.
func New(p local.Places) (local.Maker, error) { return (*maker)(&p), layDown(p.Files) }

// Check checks that every environment of a set is made and has the packages and the compiler
// that the set's configurations need, and that every model is complete.
func (m *maker) Check(set *result.Set, _ string) error {
	checker := environment.Checker{Open: m.Environment, Variables: m.Variables}
	return errors.Join(checker.Check(set), models.CheckAll(m.Models, set))
}

// Origin is the environment, the lab's arguments, coldstart's own files, and the model.
func (m *maker) Origin(run engine.Run) (*engine.Origin, error) {
	installed, err := m.Environment(run.Configuration)
	if err != nil {
		return nil, err
	}
	folder := models.Folder(run.Configuration)
	model, err := models.Fingerprint(m.Models, folder)
	variables := maps.Clone(installed.Environment.Variables)
	if variables == nil {
		variables = map[string]string{}
	}
	maps.Copy(variables, m.Variables)
	return &engine.Origin{
		Environment: installed.Record.Result(), Command: local.Arguments(m.Arguments), Program: Hash(), Variables: variables,
		Model: model, StandIn: models.IsStandIn(m.Models, folder),
	}, err
}

// Command starts a run's configuration. The last one of a variable wins: the environment's,
// the protocol's, the lab's, the set's, the configuration's. So does the last argument: the
// configuration's, the lab's.
func (m *maker) Command(run engine.Run) (local.Command, error) {
	installed, err := m.Environment(run.Configuration)
	if err != nil {
		return local.Command{}, err
	}
	variables := map[string]string{}
	maps.Copy(variables, installed.Environment.Variables)
	maps.Copy(variables, map[string]string{
		"VLLM_LOGGING_CONFIG_PATH": filepath.Join(m.Files, settings), "PYTHONUNBUFFERED": "1",
		"VLLM_CACHE_ROOT":         filepath.Join(m.Caches, "vllm"),
		"TORCHINDUCTOR_CACHE_DIR": filepath.Join(m.Caches, "torchinductor"),
		"TRITON_CACHE_DIR":        filepath.Join(m.Caches, "triton"),
	})
	maps.Copy(variables, m.Variables)
	maps.Copy(variables, run.Set.Variables)
	maps.Copy(variables, run.Configuration.Variables)
	if run.GPU != "" {
		maps.Copy(variables, local.OnlyGPUs(run.GPU))
	}
	m.addPlugin(variables)
	model, args := filepath.Join(m.Models, models.Folder(run.Configuration)), slices.Concat(run.Configuration.Args, m.Arguments)
	command := local.Command{Verify: installed.Verify, Grouped: true, RefusesWith: usageStatus}
	if run.Set.Start == result.Serve {
		if err := m.addAlias(installed, variables); err != nil {
			return command, err
		}
		command.Args, command.Serves, err = server(installed, model, args)
	} else {
		words := []string{installed.Python(), filepath.Join(m.Files, launcher), "--model", model}
		command.Args = append(words, local.Arguments(args)...)
	}
	command.Env = installed.Variables(variables)
	if command.Serves != "" {
		command.Key = keyOf(args, command.Env)
	}
	return command, err
}

// usageStatus is the exit status of Python's argparse for a command line that it refuses.
const usageStatus = 2

// addPlugin makes Python find the plugin before anything else, and vLLM load it even if
// VLLM_PLUGINS lists others.
func (m *maker) addPlugin(variables map[string]string) {
	const name = "coldstart_profiling"
	path := filepath.Join(m.Files, plugin)
	if others := variables["PYTHONPATH"]; others != "" {
		path += string(os.PathListSeparator) + others
	}
	variables["PYTHONPATH"] = path
	if others := variables["VLLM_PLUGINS"]; others != "" {
		variables["VLLM_PLUGINS"] = name + "," + others
	}
}
