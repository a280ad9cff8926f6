package registration

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/google/renameio/v2"
)

// schema is the version of a state's file.
const schema = 1

// state is what was done on a machine for a node's runner. It holds no token. Its file lies
// beside the runner's directory: in it, a job could write what root would believe.
type state struct {
	Schema    int      `json:"schema"`
	Node      string   `json:"node"`
	URL       string   `json:"url"` // of the repository
	Dir       string   `json:"dir"`
	User      string   `json:"user"`
	Agent     string   `json:"agent"`
	Version   string   `json:"version,omitempty"` // of the agent when it was installed, by its own word
	SHA256    string   `json:"sha256,omitempty"`  // of the archive that it was installed from
	Labels    []string `json:"labels"`
	Ephemeral bool     `json:"ephemeral"`
	NoUpdates bool     `json:"no_updates,omitempty"` // it was told not to update itself
	Done      []string `json:"done"`                 // names of steps
}

func (s *state) has(step string) bool { return slices.Contains(s.Done, step) }

func (s *state) mark(step string) {
	if !s.has(step) {
		s.Done = append(s.Done, step)
	}
}

func (s *state) unmark(step string) {
	s.Done = slices.DeleteFunc(s.Done, func(done string) bool { return done == step })
}

// stateFile is the path of the state.
func (r *Runner) stateFile() string { return r.Dir + ".json" }

// loadState reads the state of a runner. known is false if there is none.
func (s *System) loadState(r *Runner) (found state, known bool, err error) {
	data, err := os.ReadFile(s.path(r.stateFile()))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return state{}, false, nil
	case err != nil:
		return state{}, false, fmt.Errorf("the record of the registration cannot be read: %w", err)
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return state{}, false, fmt.Errorf("%s is damaged: %w; repair it, or move it and %s away", r.stateFile(), err, r.Dir)
	}
	if found.Schema != schema {
		return state{}, false, fmt.Errorf("%s has schema %d, but this coldstart knows %d: "+
			"use the one that registered the runner", r.stateFile(), found.Schema, schema)
	}
	return found, true, nil
}

func (s *System) saveState(r *Runner, now *state) error {
	data, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		return err
	}
	return s.writeFile(r.stateFile(), append(data, '\n'), 0o600)
}

// writeFile writes a file atomically.
func (s *System) writeFile(path string, data []byte, mode fs.FileMode) error {
	if err := renameio.WriteFile(s.path(path), data, mode, renameio.IgnoreUmask()); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}
