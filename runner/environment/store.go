package environment

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Store is a directory of environments.
type Store struct{ Dir string }

// DefaultDir is the default directory of environments, in the user's cache directory.
func DefaultDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no directory for environments: %w; choose one with --dir", err)
	}
	return filepath.Join(cache, "coldstart", "environments"), nil
}

// ErrNotSetUp says that an environment was not made, or not completely.
var ErrNotSetUp = errors.New("not set up")

// Installed is an environment that was made, or found.
type Installed struct {
	Environment Environment // as declared now; the variables may differ from the Record's
	Record      *Record
	Dir         string // of environment.json, and of the venv if it was made
}

// Python is the program of the environment.
func (i *Installed) Python() string {
	if i.Environment.Interpreter != "" {
		return i.Environment.Interpreter
	}
	return pythonIn(i.Dir)
}

func (s Store) path(e Environment) string { return filepath.Join(s.Dir, e.key()) }

// Open opens an environment and verifies that its packages are those of its record, in
// milliseconds. It returns ErrNotSetUp if there is no record.
func (s Store) Open(e Environment) (*Installed, error) {
	i, _, err := s.open(e)
	return i, err
}

func (s Store) open(e Environment) (*Installed, *inventory, error) {
	dir := s.path(e)
	record, err := readRecord(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("environment %s: %w; make it anew with 'coldstart setup --environment %s --renew'",
			e.Name, err, e.Name)
	}
	if record == nil {
		return nil, nil, fmt.Errorf("environment %s is %w in %s; run 'coldstart setup --environment %s'",
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

// drifted says that an environment differs from its record.
func (i *Installed) drifted(faults ...string) error {
	name, remedy := i.Environment.Name, "make it anew"
	if i.Record.Found != nil {
		remedy = "accept the changes"
	}
	return fmt.Errorf("environment %s was changed: %s; %s with 'coldstart setup --environment %s --renew'",
		name, strings.Join(faults, ", "), remedy, name)
}

// Verify verifies the environment again, with the code of its declared packages. A
// measurement does so before and after each start.
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
