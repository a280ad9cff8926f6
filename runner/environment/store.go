package environment

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Store is a directory of environments.
type Store struct{ Dir string }

// DefaultDir is where environments are made unless another place is named: in
// the user's cache directory.
func DefaultDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no place for environments: %w; name one with --dir", err)
	}
	return filepath.Join(cache, "coldstart", "environments"), nil
}

// ErrNotSetUp says that an environment was not made yet, or not to the end.
var ErrNotSetUp = errors.New("not set up")

// Installed is an environment that was made, or found.
type Installed struct {
	Environment Environment // as declared now: its variables may differ from the Record's
	Record      *Record
	Dir         string // holds environment.json, and the venv of one that was made
}

// Python is the program of the environment.
func (i *Installed) Python() string {
	if i.Environment.Interpreter != "" {
		return i.Environment.Interpreter
	}
	return filepath.Join(i.venv(), "bin", "python")
}

func (i *Installed) venv() string { return venvOf(i.Dir) }

func venvOf(dir string) string { return filepath.Join(dir, "venv") }

func (s Store) path(e Environment) string { return filepath.Join(s.Dir, e.key()) }

// Open finds an environment and verifies that it still is what it was made as. An
// error is ErrNotSetUp, a driftError, or one of reading. It takes milliseconds.
func (s Store) Open(e Environment) (*Installed, error) {
	i, _, err := s.open(e)
	return i, err
}

func (s Store) open(e Environment) (*Installed, *inventory, error) {
	dir := s.path(e)
	record, err := readRecord(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("environment %s: %w; 'coldstart setup --environment %s --renew' makes it anew",
			e.Name, err, e.Name)
	}
	if record == nil {
		return nil, nil, fmt.Errorf("environment %s is %w in %s; 'coldstart setup --environment %s' does it",
			e.Name, ErrNotSetUp, s.Dir, e.Name)
	}
	i := &Installed{Environment: e, Record: record, Dir: dir}
	have, err := record.look(dir)
	if err != nil {
		return nil, nil, i.drifted(err.Error())
	}
	if faults := record.drift(have); len(faults) > 0 {
		return nil, nil, i.drifted(faults...)
	}
	return i, have, nil
}

func (i *Installed) drifted(faults ...string) error {
	return &driftError{Name: i.Environment.Name, Dir: i.Dir, Found: i.Record.Found != nil, Faults: faults}
}

// Verify looks again whether the environment is what it was made as, also at the
// code of its declared packages. A measurement asks before and after.
func (i *Installed) Verify() error {
	now, have, err := Store{Dir: filepath.Dir(i.Dir)}.open(i.Environment)
	if err != nil {
		return err
	}
	faults, err := now.Record.edited(have)
	if err == nil && len(faults) > 0 {
		err = i.drifted(faults...)
	}
	return err
}
