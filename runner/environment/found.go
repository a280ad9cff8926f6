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

	"coldstart/runner/process"
)

// Found is what tells a Python that was there already from another: where it
// imports from, and the file of its program.
type Found struct {
	Paths    []string  `json:"paths"`    // directories, in the order in which it looks there
	Program  string    `json:"program"`  // behind all links
	Size     int64     `json:"size"`     // of that file, bytes
	Modified time.Time `json:"modified"` // that file
}

// find records an environment that is there: its Python is asked once where it
// imports from, and those places are looked at from then on.
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
		return nil, fmt.Errorf("%s does not hold what was declared: %s; it imports from %s: lead it there by PYTHONPATH "+
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

// question is what the interpreter is asked; it answers in one line. What it is
// made to print at each of its starts stands before that.
const question = `import json, platform, sys
print("\n" + json.dumps({"python": platform.python_version(), "paths": sys.path}))`

// ask starts the interpreter, as it is started for a measurement, for its release
// and the directories that it imports from.
func (m *maker) ask(ctx context.Context) (python string, paths []string, err error) {
	program := m.environment.Interpreter
	output, err := process.Program{
		Args: []string{program, "-B", "-c", question},
		Dir:  m.dir, // where no modules are
		Env:  (&Installed{Environment: m.environment}).Variables(nil),
	}.Output(ctx)
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", nil, fmt.Errorf("interrupted, and nothing was kept: %w", ctx.Err())
	case errors.As(err, &failed):
		return "", nil, fmt.Errorf("its Python, %s, does not start (%w): %s", program, err, bytes.TrimSpace(failed.Stderr))
	case err != nil:
		return "", nil, fmt.Errorf("its Python cannot be started: %w; "+
			"name one that is there by interpreter, under environments: in hardware-matrix.yaml", err)
	}
	output = bytes.TrimSpace(output)
	var answer struct {
		Python string
		Paths  []string
	}
	if err := json.Unmarshal(output[bytes.LastIndexByte(output, '\n')+1:], &answer); err != nil || answer.Python == "" {
		return "", nil, fmt.Errorf("%s is no Python 3: asked for its release, it answers %q",
			program, output[:min(len(output), 100)])
	}
	paths = slices.DeleteFunc(answer.Paths, func(path string) bool { return !isDirectory(path) })
	return answer.Python, paths, nil
}

// isDirectory leaves out what is no place of packages: the directory that Python
// is started in, archives, and what is not there.
func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// program notes the file of an interpreter.
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

// look takes the inventory again, without starting Python: of a program that is
// the same file, the release is still the one that it said.
func (f *Found) look(interpreter, python string) (*inventory, error) {
	var now Found
	if err := now.program(interpreter); err != nil {
		return nil, fmt.Errorf("its Python is gone: %w", err)
	}
	if now.Program != f.Program || now.Size != f.Size || !now.Modified.Equal(f.Modified) {
		return nil, fmt.Errorf("its Python, %s, is another file than it was (%s of %s, and not %s of %s)",
			interpreter, now.Program, now.Modified.Format(time.DateTime), f.Program, f.Modified.Format(time.DateTime))
	}
	i := &inventory{python: python, metadata: map[string]string{}}
	for _, path := range f.Paths {
		if err := i.add(path); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(i.packages, func(a, b Package) int { return strings.Compare(a.Name, b.Name) })
	return i, nil
}

// add adds the packages of a directory that Python imports from. One that is in
// an earlier directory, too, hides the later one.
func (i *inventory) add(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	var further []Package
	for _, entry := range entries {
		metadata := filepath.Join(path, entry.Name())
		p, err := readAny(metadata)
		if err != nil {
			return err
		}
		if p.Name != "" && !i.has(p.Name) {
			further = append(further, p)
			i.metadata[p.Name] = metadata
		}
	}
	i.packages = append(i.packages, further...)
	return nil
}

// readAny reads the metadata of a package in whatever form Python's own tools
// read: as pip leaves it, or as Debian's packages do. Other entries, and what an
// uninstallation left behind, are no package.
func readAny(path string) (p Package, err error) {
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
		return Package{}, nil
	}
	return p, err
}
