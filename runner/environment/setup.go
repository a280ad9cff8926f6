package environment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Options are of a Setup.
type Options struct {
	Renew    bool         // make it anew even if it is there
	Progress func(string) // is told what goes on, a line at a time; may be nil
}

// Setup makes an environment, or takes the one that is there. One that an earlier
// Setup did not bring to its end is made anew; of one that fails nothing is kept.
// An environment that is no longer what it was made as is an error, unless it is
// to be renewed. One of an interpreter is not made: Setup records what it holds.
func (s Store) Setup(ctx context.Context, e Environment, o Options) (*Installed, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the directory of environments: %w; choose another with --dir", err)
	}
	held, err := take(s.path(e)+".lock", e.Name)
	if err != nil {
		return nil, err
	}
	defer held.Close()
	if !o.Renew {
		if made, err := s.Open(e); err == nil {
			return made, made.Verify()
		} else if !errors.Is(err, ErrNotSetUp) {
			return nil, err
		}
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	m := maker{Options: o, environment: e, dir: s.path(e), lock: held}
	if err := m.make(ctx); err != nil {
		return nil, fmt.Errorf("environment %s: %w", e.Name, errors.Join(err, os.RemoveAll(m.dir)))
	}
	return s.Open(e)
}

// maker makes one environment.
type maker struct {
	Options
	environment Environment
	dir         string
	lock        *os.File // inherited by what it starts
}

func (m *maker) make(ctx context.Context) error {
	if err := m.clear(); err != nil {
		return err
	}
	record := m.install
	if m.environment.Interpreter != "" {
		record = m.find
	}
	made, err := record(ctx)
	if err != nil {
		return err
	}
	return made.write(m.dir)
}

// install makes the environment by the commands of uv.
func (m *maker) install(ctx context.Context) (*Record, error) {
	overrides := strings.Join(m.environment.Overrides, "\n")
	if err := os.WriteFile(overridesFile(m.dir), []byte(overrides), 0o644); err != nil {
		return nil, err
	}
	u, err := m.findUV(ctx)
	if err != nil {
		return nil, err
	}
	m.Progress("made by " + u.release + " in " + m.dir)
	for _, command := range append(u.commands(m.environment, m.dir), m.check(pythonIn(m.dir))...) {
		if err := m.run(ctx, command); err != nil {
			return nil, err
		}
	}
	have, err := takeInventory(venvOf(m.dir))
	if err != nil {
		return nil, err
	}
	if faults := m.environment.undeclared(have); len(faults) > 0 {
		return nil, fmt.Errorf("%s installed something else than was declared: %s; "+
			"change packages or overrides under environments: in hardware-matrix.yaml", u.release, strings.Join(faults, ", "))
	}
	made, err := newRecord(m.environment, have)
	made.Tool = u.release
	return made, err
}

// clear leaves an empty directory.
func (m *maker) clear() error {
	// The record goes first: what is half removed must not look whole.
	if err := os.Remove(filepath.Join(m.dir, recordFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.RemoveAll(m.dir); err != nil {
		return err
	}
	return os.Mkdir(m.dir, 0o755)
}

// check is the command that the environment's own check is run by.
func (m *maker) check(python string) [][]string {
	if m.environment.Check == "" {
		return nil
	}
	return [][]string{{python, "-c", m.environment.Check}}
}
