package vllm

import (
	"cmp"
	_ "embed" // the log settings
	"errors"
	"maps"
	"path/filepath"
	"strconv"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/process"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// Name is the engine's name in plans and on the command line.
const Name = "vllm"

// logSettings make vLLM log everything, with milliseconds, to standard output.
//
//go:embed python/logging.json
var logSettings []byte

// LayDownLogSettings puts vLLM's log settings into a directory and returns their
// path.
func LayDownLogSettings(dir string) (string, error) {
	path := filepath.Join(dir, "logging.json")
	return path, layDown(path, logSettings)
}

// Maker makes the commands that start vLLM.
type Maker struct {
	// Environment opens what a configuration is measured in on a node.
	Environment func(node string, c *result.Configuration) (*environment.Installed, error)
	Files       Files
	LogSettings string // path of what LayDownLogSettings laid down
	Models      string // directory of the models
}

var _ process.Maker = (*Maker)(nil)

// Check tells whether every environment of a set is made, and every model of it
// complete.
func (m *Maker) Check(set *result.Set, node string) error {
	var faults []error
	opened := map[string]bool{}
	for i := range set.Configurations {
		c := &set.Configurations[i]
		if !opened[c.Release] {
			opened[c.Release] = true
			_, err := m.Environment(node, c)
			faults = append(faults, err)
		}
		faults = append(faults, models.Check(m.Models, folder(c)))
	}
	return errors.Join(faults...)
}

func folder(c *result.Configuration) string { return cmp.Or(c.Directory, c.Model) }

// Command is the start of a run's configuration, with the set's variables and the
// protocol's log settings.
func (m *Maker) Command(run engine.Run) (process.Command, error) {
	installed, err := m.Environment(run.Node, run.Configuration)
	if err != nil {
		return process.Command{}, err
	}
	variables := map[string]string{"VLLM_LOGGING_CONFIG_PATH": m.LogSettings, "PYTHONUNBUFFERED": "1"}
	maps.Copy(variables, run.Set.Variables)
	if run.GPU != nil {
		variables["CUDA_VISIBLE_DEVICES"] = strconv.Itoa(*run.GPU)
	}
	start := Start{
		Environment: installed, Files: m.Files, Variables: variables,
		Model: filepath.Join(m.Models, folder(run.Configuration)), Args: run.Configuration.Args,
	}
	return process.Command{Args: start.Command(), Env: start.Environ(), Verify: installed.Verify}, nil
}
