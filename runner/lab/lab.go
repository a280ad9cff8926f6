// Package lab answers what a person or a workflow asks of a lab: the plan of a
// session, the engine for it, and the results of one. Commands and the GitHub
// action both ask here, so that they cannot come to differ.
package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coldstart/reports/artifact"
	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// Request is what is asked for.
type Request struct {
	Matrix  string   // path of the lab's file
	Figures string   // "all", "rest", or numbers with commas between
	Nodes   []string // none: where the lab's file puts each figure
	Only    []string // models; none: all that the figures ask for
	Engine  string
	// Environment is the one of all figures but the first; empty is the node's, or
	// the paper's.
	Environment string
	Iterations  int // counted ones
	// Confidence, such as 0.05, goes on measuring until every phase's 95 % interval
	// lies within that share of its mean, for MaxIterations at most; 0 does not.
	Confidence    float64
	MaxIterations int
}

// A RequestError is a request that makes no sense: whoever asked must ask
// otherwise.
type RequestError struct {
	Part string // of the request that is wrong, such as "engine"
	error
}

// Unwrap is what is wrong with the request.
func (e RequestError) Unwrap() error { return e.error }

func requestErrorf(part, format string, args ...any) error {
	return RequestError{part, fmt.Errorf(format, args...)}
}

// Plan lays out the grid. Notes say what was left out of it and why.
func (r *Request) Plan() (made *result.Plan, notes []string, err error) {
	file, err := Load(r.Matrix)
	if err != nil {
		return nil, nil, err
	}
	if err := checkEngine(r.Engine, file); err != nil {
		return nil, nil, err
	}
	session, err := r.session()
	if err != nil {
		return nil, nil, err
	}
	var unused []string
	if session.Environment, unused, err = environmentOf(&session, file); err != nil {
		return nil, nil, err
	}
	made, notes, err = plan.Make(file, plan.Selection{Figures: r.Figures, Nodes: r.Nodes, Models: r.Only}, session)
	if err != nil {
		return nil, nil, RequestError{"figures or nodes", err}
	}
	return made, append(notes, unused...), nil
}

// environmentOf is the name of the environment that is asked for. An engine that is a
// command of the lab's own starts in none, whatever is asked for.
func environmentOf(session *plan.Session, file *matrix.Matrix) (name string, notes []string, err error) {
	names := file.AllEnvironments().Names()
	switch _, own := file.Engine(session.Engine); {
	case session.Environment == "":
		return "", nil, nil
	case !slices.Contains(names, session.Environment):
		return "", nil, noEnvironment(session.Environment, names)
	case own:
		return "", []string{fmt.Sprintf("engine %s is a command of the lab's own, which does not start in environment %s", session.Engine, session.Environment)}, nil
	}
	return session.Environment, nil, nil
}

func noEnvironment(name string, names []string) error {
	return requestErrorf("environment", "there is no environment %q; choose of %s, or add it to the lab's file", name, strings.Join(names, ", "))
}

// DefaultMatrix is the path of the lab's file unless another is named.
const DefaultMatrix = "hardware-matrix.yaml"

// Load reads the lab's file.
func Load(path string) (*matrix.Matrix, error) {
	file, err := matrix.Load(path, paper.Roles())
	var mistakes matrix.Errors
	if errors.As(err, &mistakes) {
		return nil, fmt.Errorf("%s cannot be used:\n%w", path, err)
	}
	return file, err
}

// Node finds a node in the lab's file.
func Node(path, name string) (result.Node, error) {
	file, err := Load(path)
	if err != nil {
		return result.Node{}, err
	}
	node, ok := file.Node(name)
	if !ok {
		return result.Node{}, requestErrorf("node", "%s has no node %q; 'coldstart plan' lists them", path, name)
	}
	return node, nil
}

// Results reads results in a directory: of a session that coldstart measured, or
// logs laid out as the paper's artifact. Those are of the lab that the file at
// matrixPath describes. Where the path is empty, the figures are on the nodes that
// they have in the paper, of which nothing is known.
func Results(dir, matrixPath string) (results *result.Results, notes []string, err error) {
	switch info, err := os.Stat(dir); {
	case err != nil:
		return nil, nil, fmt.Errorf("cannot read results: %w; name their directory with --from", err)
	case !info.IsDir():
		return nil, nil, fmt.Errorf("cannot read results: %s is a file; name the directory that it lies in, also of an archive", dir)
	}
	if !artifact.Is(dir) {
		results, err = result.Read(dir)
		return results, nil, err
	}
	layout, notes, err := layoutOfLogs(plan.Session{Name: filepath.Clean(dir), Engine: result.Logs}, matrixPath)
	if err != nil {
		return nil, nil, err
	}
	results, err = artifact.Read(dir, layout)
	return results, notes, err
}

// layoutOfLogs is the plan that found logs were written by. Without a lab's file it is the
// paper's, on machines that nothing is known of.
func layoutOfLogs(session plan.Session, matrixPath string) (layout *result.Plan, notes []string, err error) {
	if matrixPath == "" {
		layout = plan.Published(session)
		for i := range layout.Nodes {
			layout.Nodes[i].Declared = hardware.Hardware{}
		}
		return layout, nil, nil
	}
	file, err := Load(matrixPath)
	if err != nil {
		return nil, nil, err
	}
	return plan.Make(file, plan.Selection{}, session)
}
