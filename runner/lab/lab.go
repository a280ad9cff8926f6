// Package lab is the lab that hardware-matrix.yaml declares, and this machine as one
// of its nodes.
//
// Open reads the file once; it is called the matrix here. Without one the paper's lab
// serves. A Lab lays out what is asked for (Request) as a plan, and has the nodes; a Host
// begins to measure a plan on one of them. Commands and the GitHub action both ask here, so
// that they cannot differ.
package lab

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/engine/replay"
	"coldstart/runner/environment"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
	"coldstart/runner/revision"
)

const (
	// FileName is the matrix's in the working directory.
	FileName = "hardware-matrix.yaml"
	// Variable is the environment variable that names another matrix.
	Variable = "COLDSTART_MATRIX"
)

// The paper's lab serves where there is no matrix: the hardware-matrix.yaml that coldstart
// comes with.
//
//go:embed paper.yaml
var papers []byte

// Lab is what the matrix declares.
type Lab struct {
	path string
	file *matrix.Matrix
	// commit is that of the repository, if the lab is one side of a change.
	commit     revision.Commit
	repository revision.Repository
}

// Open reads the matrix at a path. Without a path it is the one that Variable names, or
// the one in the working directory, or the paper's.
func Open(path string) (*Lab, error) {
	if path = find(path); path == "" {
		return Papers()
	}
	return opened(path, func() (*matrix.Matrix, error) { return matrix.Load(path, paper.Catalogue()) })
}

// find is the path of the matrix; empty if there is none.
func find(path string) string {
	if path = cmp.Or(path, os.Getenv(Variable)); path != "" {
		return path
	}
	if _, err := os.Stat(FileName); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return FileName
}

// Papers is the paper's lab.
func Papers() (*Lab, error) {
	const name = "the paper's lab"
	return opened(name, func() (*matrix.Matrix, error) { return matrix.Parse(name, papers, paper.Catalogue()) })
}

// For opens the lab in which an engine starts. A replay is of the paper's lab unless a path
// is named, so that it is the same whatever nodes the working directory's matrix has.
func For(engine, path string) (*Lab, error) {
	if engine == replay.Name && path == "" {
		return Papers()
	}
	return Open(path)
}

func opened(name string, read func() (*matrix.Matrix, error)) (*Lab, error) {
	file, err := read()
	var mistakes matrix.Errors
	if errors.As(err, &mistakes) {
		return nil, fmt.Errorf("%s has mistakes:\n%w", name, err)
	}
	if err != nil {
		return nil, err
	}
	return &Lab{path: name, file: file}, nil
}

// Nodes are the lab's, in the order of the file.
func (l *Lab) Nodes() []result.Node { return l.file.Nodes }

// Catalogue is what there is to measure: the paper's and the lab's own.
func (l *Lab) Catalogue() catalogue.Catalogue { return plan.CatalogueOf(l.file) }

// CheckPlan refuses a plan whose sets are not those of the lab's catalogue.
func (l *Lab) CheckPlan(p *result.Plan) error { return plan.CheckSets(p, l.Catalogue()) }

// environments are those of the catalogue and the lab's own.
func (l *Lab) environments() environment.List { return l.file.AllEnvironments() }

// Environment is the one of a name, wherever it is used; an empty name is the paper's.
func (l *Lab) Environment(name string) (environment.Environment, error) {
	return l.environment("", name)
}

// environment is what a node measures in if one is asked for by name.
func (l *Lab) environment(node, name string) (environment.Environment, error) {
	if name == "" {
		name = environment.Default
	}
	e, found := l.file.Environment(node, name)
	if !found {
		return e, l.noEnvironment(name)
	}
	return l.sourced(e)
}

// sourced is an environment with the commit that its source is built from: the side's, or
// what is checked out around the matrix.
func (l *Lab) sourced(e environment.Environment) (environment.Environment, error) {
	if e.Source == "" {
		return e, nil
	}
	e.Commit, e.Repository = l.commit, l.repository
	if e.Commit != "" {
		return e, nil
	}
	e.Repository = revision.Repository{Dir: filepath.Dir(l.path)}
	var err error
	if e.Commit, err = e.Repository.Head(context.Background()); err != nil {
		return e, fmt.Errorf("environment %s is built from the repository around %s: %w", e.Name, l.path, err)
	}
	return e, nil
}

func (l *Lab) noEnvironment(name string) error {
	return requestErrorf("environment", "there is no environment %q; choose one of %s, or add it to hardware-matrix.yaml",
		name, strings.Join(l.environments().Names(), ", "))
}

// has tells whether the matrix declares an engine of this name: that comes before
// coldstart's.
func (l *Lab) has(engine string) bool {
	_, own := l.file.Engine(engine)
	return own
}

// checkEngine tells whether there is an engine of a name.
func (l *Lab) checkEngine(name string) error {
	names := append([]string{replay.Name}, slices.Sorted(maps.Keys(engines))...)
	for _, e := range l.file.Engines {
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	if !slices.Contains(names, name) {
		return requestErrorf("engine", "there is no engine %q; choose one of %s, "+
			"or add it under engines: in hardware-matrix.yaml", name, strings.Join(names, ", "))
	}
	return nil
}
