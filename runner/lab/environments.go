package lab

import (
	"context"
	"fmt"
	"slices"

	"coldstart/reports/result"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/environment"
	"coldstart/runner/hardware"
	"coldstart/runner/matrix"
)

// store is where the environments of this machine are.
func (m *Measuring) store() (store environment.Store, err error) {
	if store.Dir = m.Environments; store.Dir == "" {
		store.Dir, err = environment.DefaultDir()
	}
	return store, err
}

// declared is the environment that a configuration is measured in on a node: its
// release's, or the plan's, or the node's own.
func declared(p *result.Plan, file *matrix.Matrix, node string, c *result.Configuration) (environment.Environment, error) {
	name := environment.Of(c)
	if c.Release == "" && p.Environment != "" {
		name = p.Environment
	}
	e, found := file.Environment(node, name)
	if !found {
		return e, noEnvironment(name, file.AllEnvironments().Names())
	}
	return e, nil
}

// opener opens the environment that a configuration is measured in on a node.
func (m *Measuring) opener(p *result.Plan, file *matrix.Matrix) (func(string, *result.Configuration) (*environment.Installed, error), error) {
	store, err := m.store()
	if err != nil {
		return nil, err
	}
	return func(node string, c *result.Configuration) (*environment.Installed, error) {
		e, err := declared(p, file, node, c)
		if err != nil {
			return nil, err
		}
		return store.Open(e)
	}, nil
}

// EnvironmentOf opens what coldstart's own vLLM is measured in on a node, by the lab's
// file at a path. It is nil where the lab has an engine of that name.
func (m *Measuring) EnvironmentOf(matrixPath, node string) (func(*result.Configuration) (*environment.Installed, error), error) {
	file, err := Load(matrixPath)
	if err != nil {
		return nil, err
	}
	if _, own := file.Engine(vllm.Name); own {
		return nil, nil
	}
	open, err := m.opener(&result.Plan{Engine: vllm.Name}, file)
	if err != nil {
		return nil, err
	}
	return func(c *result.Configuration) (*environment.Installed, error) { return open(node, c) }, nil
}

// SetUp makes the environments that a cell of a plan is measured in, or takes
// those that are there. progress is told what goes on, a line at a time.
func (m *Measuring) SetUp(ctx context.Context, p *result.Plan, matrixPath string, cell result.Cell, progress func(string)) error {
	file, err := Load(matrixPath)
	if err != nil {
		return err
	}
	set := p.Set(cell.Set)
	if _, own := file.Engine(p.Engine); own || p.Engine != vllm.Name || set == nil {
		return nil
	}
	store, err := m.store()
	if err != nil {
		return err
	}
	var made []string
	for i := range set.Configurations {
		e, err := declared(p, file, cell.Node, &set.Configurations[i])
		if err != nil {
			return err
		}
		if slices.Contains(made, e.Name) {
			continue
		}
		made = append(made, e.Name)
		options := environment.Options{Progress: func(line string) { progress(fmt.Sprintf("%s: %s", e.Name, line)) }}
		if _, err := store.Setup(ctx, e, options); err != nil {
			return err
		}
	}
	return nil
}

// Places are where a node, which is this machine, has its models and the Python of
// its environment, by the lab's file at a path, as a probe wants them; empty for what
// is not known, or not made.
func (m *Measuring) Places(matrixPath, node string) (hardware.Options, error) {
	file, err := Load(matrixPath)
	if err != nil {
		return hardware.Options{}, err
	}
	return m.places(&result.Plan{Engine: vllm.Name}, file, node), nil
}

func (m *Measuring) places(p *result.Plan, file *matrix.Matrix, node string) hardware.Options {
	places := hardware.Options{Models: m.modelsDir(file, node)}
	if _, own := file.Engine(p.Engine); own {
		return places
	}
	open, err := m.opener(p, file)
	if err != nil {
		return places
	}
	if installed, err := open(node, &result.Configuration{}); err == nil {
		places.Python, places.Variables = installed.Python(), installed.Environment.Leading()
	}
	return places
}
