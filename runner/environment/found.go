package environment

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/process"
)

// Found identifies an existing Python: where it imports from, and its program's file.
type Found struct {
	Paths    []string  `json:"paths"`    // directories that it imports from, in order
	Program  string    `json:"program"`  // behind all links
	Size     int64     `json:"size"`     // of Program, bytes
	Modified time.Time `json:"modified"` // of Program
}

// find records an existing environment. It asks its Python once for the directories that
// it imports from.
func (m *maker) find(ctx context.Context) (*Record, error) {
	python, paths, err := m.ask(ctx)
	if err != nil {
		return nil, err
	}
	found := &Found{Paths: paths}
	if err := found.program(m.environment.Interpreter); err != nil {
		return nil, err
	}
	m.Progress("found: " + m.environment.Interpreter)
	have, err := found.look(m.environment.Interpreter, python)
	if err != nil {
		return nil, err
	}
	if faults := m.environment.undeclared(have); len(faults) > 0 {
		return nil, fmt.Errorf("%s has not the declared packages: %s; it imports from %s: set PYTHONPATH "+
			"under variables, or change packages, under environments: in hardware-matrix.yaml",
			m.environment.Interpreter, strings.Join(faults, ", "), strings.Join(paths, ", "))
	}
	for _, command := range m.check(m.environment.Interpreter) {
		if err := m.run(ctx, command); err != nil {
			return nil, err
		}
	}
	record, err := newRecord(m.environment, have)
	record.Found = found
	return record, err
}

// question makes the interpreter print one line of JSON, below whatever else it prints.
const question = `import json, platform, sys
print("\n" + json.dumps({"python": platform.python_version(), "paths": sys.path}))`

// ask asks the interpreter, started as for a measurement, for its release and the
// directories that it imports from.
func (m *maker) ask(ctx context.Context) (python string, paths []string, err error) {
	program := m.environment.Interpreter
	output, err := process.Program{
		Args: []string{program, "-B", "-c", question},
		Dir:  m.dir, // it has no modules
		Env:  (&Installed{Environment: m.environment}).Variables(nil),
	}.Output(ctx)
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", nil, fmt.Errorf("interrupted; nothing was kept: %w", ctx.Err())
	case errors.As(err, &failed):
		return "", nil, fmt.Errorf("its Python, %s, does not start (%w): %s", program, err, bytes.TrimSpace(failed.Stderr))
	case err != nil:
		return "", nil, fmt.Errorf("cannot start its Python: %w; "+
			"set interpreter to an existing one, under environments: in hardware-matrix.yaml", err)
	}
	output = bytes.TrimSpace(output)
	var answer struct {
		Python string
		Paths  []string
	}
	if err := json.Unmarshal(output[bytes.LastIndexByte(output, '\n')+1:], &answer); err != nil || answer.Python == "" {
		return "", nil, fmt.Errorf("%s is not a Python 3: asked for its release, it answered %q",
			program, output[:min(len(output), 100)])
	}
	paths = slices.DeleteFunc(answer.Paths, func(path string) bool { return !isDirectory(path) })
	return answer.Python, paths, nil
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// program fills in the file of an interpreter.
func (f *Found) program(interpreter string) error {
	path, err := filepath.EvalSymlinks(interpreter)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f.Program, f.Size, f.Modified = path, info.Size(), info.ModTime().UTC()
	return nil
}

// look takes the inventory without starting Python: the release is the recorded one as long
// as the program is the same file.
func (f *Found) look(interpreter, python string) (*inventory, error) {
	var now Found
	if err := now.program(interpreter); err != nil {
		return nil, fmt.Errorf("its Python is gone: %w", err)
	}
	if now.Program != f.Program || now.Size != f.Size || !now.Modified.Equal(f.Modified) {
		return nil, fmt.Errorf("its Python, %s, is another file than before (%s of %s, not %s of %s)",
			interpreter, now.Program, now.Modified.Format(time.DateTime), f.Program, f.Modified.Format(time.DateTime))
	}
	i := &inventory{python: python, metadata: map[string]string{}}
	for _, path := range f.Paths {
		if err := i.add(path); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(i.packages, func(a, b result.Package) int { return strings.Compare(a.Name, b.Name) })
	return i, nil
}

// add adds the packages of a directory that Python imports from. A package in an earlier
// directory hides one in a later directory.
func (i *inventory) add(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	var further []result.Package
	for _, entry := range entries {
		metadata := filepath.Join(path, entry.Name())
		p, err := readAny(metadata)
		if err != nil {
			return err
		}
		if p.Name != "" && version(i.packages, p.Name) == "" {
			further = append(further, p)
			i.metadata[p.Name] = metadata
		}
	}
	i.packages = append(i.packages, further...)
	return nil
}

// readAny reads the metadata of a package, as pip or a Debian package lays it down. Other
// entries, and the remains of an uninstallation, are no package.
func readAny(path string) (p result.Package, err error) {
	switch filepath.Ext(path) {
	case ".dist-info":
		p, err = readPackage(path)
	case ".egg-info":
		if file := filepath.Join(path, "PKG-INFO"); isDirectory(path) {
			p, err = readMetadata(file)
		} else {
			p, err = readMetadata(path)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return result.Package{}, nil
	}
	return p, err
}
