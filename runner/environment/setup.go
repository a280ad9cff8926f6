package environment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"coldstart/runner/lock"
)

// Options are those of Setup.
type Options struct {
	Renew    bool         // make it anew even if it is there
	Progress func(string) // gets each line of progress; may be nil
}

// Setup makes an environment, or verifies and opens the one that is there. It makes an
// incomplete one anew, and keeps nothing of one that fails. An environment that was changed
// is an error without Renew. Setup records an existing Python and installs nothing in it.
func (s Store) Setup(ctx context.Context, e Environment, o Options) (*Installed, error) {
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
			return made, errors.Join(made.Verify(), s.used(e))
		} else if !errors.Is(err, ErrNotSetUp) {
			return nil, err
		}
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	m := maker{Options: o, environment: e, dir: s.path(e), held: held}
	if err := m.make(ctx); err != nil {
		return nil, fmt.Errorf("environment %s: %w", e.Name, errors.Join(err, os.RemoveAll(m.dir)))
	}
	s.removeUnused(o.Progress)
	return s.Open(e)
}

// take takes the lock of an environment. The commands of a setup inherit it: those that
// outlive a killed setup keep others away.
func take(path, name string) (*os.File, error) {
	file, err := lock.Take(path)
	var held *lock.HeldError
	switch {
	case errors.As(err, &held):
		return nil, fmt.Errorf("environment %s is being made by another process: %w; wait until it has ended", name, held)
	case err != nil:
		return nil, fmt.Errorf("%w; choose a directory on another file system with --dir", err)
	}
	return file, nil
}

// maker makes one environment.
type maker struct {
	Options
	environment Environment
	dir         string
	held        *os.File // the lock, inherited by the commands
	foresight   foresight
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

// install makes the environment with uv.
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
	source, err := m.checkOut(ctx)
	if err != nil {
		return nil, err
	}
	if err := m.run(ctx, u.venv(m.environment, m.dir)); err != nil {
		return nil, err
	}
	installs := u.installs(m.environment, m.dir, source)
	m.foresee(ctx, u, installs)
	for _, command := range append(installs, m.check(pythonIn(m.dir))...) {
		if err := m.run(ctx, command); err != nil {
			return nil, err
		}
	}
	have, err := takeInventory(venvOf(m.dir), m.environment.Commit)
	if err == nil {
		err = os.RemoveAll(sourceOf(m.dir))
	}
	if err != nil {
		return nil, err
	}
	if faults := m.environment.undeclared(have); len(faults) > 0 {
		return nil, fmt.Errorf("%s did not install what was declared: %s; "+
			"change packages or overrides under environments: in hardware-matrix.yaml", u.release, strings.Join(faults, ", "))
	}
	made, err := newRecord(m.environment, have)
	made.Tool = u.release
	return made, err
}

// clear leaves an empty directory.
func (m *maker) clear() error {
	if err := remove(m.dir); err != nil {
		return err
	}
	return os.Mkdir(m.dir, 0o755)
}

// remove removes an environment. The record goes first: a partly removed environment must
// not look complete.
func remove(dir string) error {
	if err := os.Remove(filepath.Join(dir, recordFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.RemoveAll(dir)
}

// check is the command that runs the environment's Check.
func (m *maker) check(python string) [][]string {
	if m.environment.Check == "" {
		return nil
	}
	return [][]string{{python, "-c", m.environment.Check}}
}
