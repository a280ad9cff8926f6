// Package command is a lab's own engine: a command of hardware-matrix.yaml, such as a
// container or a wrapper, that starts an engine and prints its log.
//
// The command is started once per run. "--model DIR" and the configuration's engine
// arguments, as for vLLM, follow its own arguments, and the variables of its measurement
// set are set. It must print a start-up log to its standard output or error, exit when the
// engine has started and shut down, and exit on SIGTERM. It may run in a Python environment,
// whose programs come first. These variables say what to start:
//
//	COLDSTART_SET, COLDSTART_NODE, COLDSTART_ITERATION
//	COLDSTART_CONFIGURATION   the configuration's ID
//	COLDSTART_RELEASE         figure 1: the release of vLLM; otherwise empty
//	VLLM_LOGGING_CONFIG_PATH  the protocol's log settings
package command

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// Maker makes the starts of a lab's own engine.
type Maker struct {
	Words     []string          // the program and its first arguments
	Arguments []string          // its last ones
	Variables map[string]string // set in every start
	// Environment opens the Python environment that it runs in; nil for none.
	Environment func() (*environment.Installed, error)
	Models      string // directory; may be empty
	LogSettings string // path of the protocol's log settings
}

var _ local.Maker = (*Maker)(nil)

// Check checks that the program exists, and the models of a set, unless only the command
// knows their directory.
func (m *Maker) Check(set *result.Set, _ string) error {
	installed, err := m.open()
	if err != nil {
		return err
	}
	if _, err := m.program(installed); err != nil {
		return fmt.Errorf("cannot start the engine's command: %w", err)
	}
	if set.Start == result.Serve {
		return fmt.Errorf("%s cannot be started with --start serve: it ends by itself; only engine vllm can", m.Words[0])
	}
	if m.Models == "" {
		return nil
	}
	return models.CheckAll(m.Models, set)
}

// open opens the environment; nil if there is none.
func (m *Maker) open() (*environment.Installed, error) {
	if m.Environment == nil {
		return nil, nil
	}
	return m.Environment()
}

// program is the path of the command's program: that of the environment, if it has one.
func (m *Maker) program(installed *environment.Installed) (string, error) {
	if installed != nil && filepath.Base(m.Words[0]) == m.Words[0] {
		if path, err := exec.LookPath(filepath.Join(filepath.Dir(installed.Python()), m.Words[0])); err == nil {
			return path, nil
		}
	}
	return exec.LookPath(m.Words[0])
}

// Origin is the environment, the command, the hash of its program, and the model.
func (m *Maker) Origin(run engine.Run) (*engine.Origin, error) {
	installed, err := m.open()
	if err != nil {
		return nil, err
	}
	origin := &engine.Origin{Command: append(slices.Clone(m.Words), m.Arguments...), Variables: m.Variables}
	if installed != nil {
		origin.Environment, origin.Variables = installed.Record.Result(), maps.Clone(installed.Environment.Variables)
		if origin.Variables == nil {
			origin.Variables = map[string]string{}
		}
		maps.Copy(origin.Variables, m.Variables)
	}
	path, err := m.program(installed)
	if err == nil {
		origin.Program, err = hashOf(path)
	}
	if err == nil && m.Models != "" {
		folder := models.Folder(run.Configuration)
		origin.StandIn = models.IsStandIn(m.Models, folder)
		origin.Model, err = models.Fingerprint(m.Models, folder)
	}
	return origin, err
}

func hashOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// Command starts a run's configuration.
func (m *Maker) Command(run engine.Run) (local.Command, error) {
	c := run.Configuration
	variables := map[string]string{
		"COLDSTART_SET": run.Set.Name, "COLDSTART_NODE": run.Node, "COLDSTART_ITERATION": strconv.Itoa(run.Iteration),
		"COLDSTART_CONFIGURATION": c.ID, "COLDSTART_RELEASE": c.Release, "VLLM_LOGGING_CONFIG_PATH": m.LogSettings,
	}
	if run.GPU != "" {
		maps.Copy(variables, local.OnlyGPUs(run.GPU))
	}
	maps.Copy(variables, m.Variables)
	maps.Copy(variables, run.Set.Variables)
	maps.Copy(variables, c.Variables)
	words := append(slices.Clone(m.Words), "--model", filepath.Join(m.Models, models.Folder(c)))
	words = append(append(words, local.Arguments(c.Args)...), m.Arguments...)
	installed, err := m.open()
	if err != nil {
		return local.Command{}, err
	}
	if installed != nil {
		words[0], err = m.program(installed)
		return local.Command{Args: words, Env: installed.Variables(variables), Verify: installed.Verify}, err
	}
	environ := os.Environ()
	for name, value := range variables {
		environ = append(environ, name+"="+value)
	}
	return local.Command{Args: words, Env: environ}, nil
}
