// Package command is a lab's own engine: a command of hardware-matrix.yaml, such
// as a container or a wrapper, that starts something and prints its log.
//
// The contract: the command is started once a run, with "--model DIR" and the
// configuration's engine arguments behind its own, as vLLM's have them, and with
// the variables of its measurement set. It prints a start-up log to its standard
// output or error, ends by itself when the engine is up and has shut down again,
// and ends on SIGTERM. What it is asked for stands in variables as well:
//
//	COLDSTART_SET, COLDSTART_NODE, COLDSTART_ITERATION
//	COLDSTART_CONFIGURATION   the configuration's ID
//	COLDSTART_RELEASE         figure 1: the release of vLLM to start; else empty
//	VLLM_LOGGING_CONFIG_PATH  log settings of the protocol
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
	"strconv"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/models"
)

// Maker makes the starts of a lab's own engine.
type Maker struct {
	Words       []string          // the program and its first arguments
	Variables   map[string]string // of every start
	Models      func(node string) string
	LogSettings string // path of the protocol's log settings
}

var _ local.Maker = (*Maker)(nil)

// Check tells whether the program is there, and the models of a set, if their
// directory is known: they may lie where only the command sees them.
func (m *Maker) Check(set *result.Set, node string) error {
	if _, err := exec.LookPath(m.Words[0]); err != nil {
		return fmt.Errorf("the engine's command cannot be started: %w", err)
	}
	if dir := m.Models(node); dir != "" {
		return models.CheckAll(dir, set)
	}
	return nil
}

// Origin is the command, what its program is, and the model.
func (m *Maker) Origin(run engine.Run) (*engine.Origin, error) {
	origin := &engine.Origin{Command: m.Words, Variables: m.Variables}
	path, err := exec.LookPath(m.Words[0])
	if err == nil {
		origin.Program, err = hashOf(path)
	}
	if dir := m.Models(run.Node); err == nil && dir != "" {
		folder := models.Folder(run.Configuration)
		origin.StandIn = models.IsStandIn(dir, folder)
		origin.Model, err = models.Fingerprint(dir, folder)
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

// Command is one start.
func (m *Maker) Command(run engine.Run) (local.Command, error) {
	c := run.Configuration
	variables := map[string]string{
		"COLDSTART_SET": run.Set.Name, "COLDSTART_NODE": run.Node, "COLDSTART_ITERATION": strconv.Itoa(run.Iteration),
		"COLDSTART_CONFIGURATION": c.ID, "COLDSTART_RELEASE": c.Release, "VLLM_LOGGING_CONFIG_PATH": m.LogSettings,
	}
	if run.GPU != nil {
		maps.Copy(variables, local.OnlyGPU(*run.GPU))
	}
	maps.Copy(variables, m.Variables)
	maps.Copy(variables, run.Set.Variables)
	maps.Copy(variables, run.Configuration.Variables)
	words := append(append([]string{}, m.Words...), "--model", filepath.Join(m.Models(run.Node), models.Folder(c)))
	environ := os.Environ()
	for name, value := range variables {
		environ = append(environ, name+"="+value)
	}
	return local.Command{Args: append(words, local.Arguments(c.Args)...), Env: environ}, nil
}
