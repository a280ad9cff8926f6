package lab

import (
	"errors"
	"io/fs"

	"coldstart/reports/result"
	"coldstart/runner/environment"
	"coldstart/runner/matrix"
)

// OpenEnvironment opens the one that a measurement on a node would use where one is asked
// for by name: that one, or else the node's, or else the paper's. Without a lab's
// file, if none was named, there is the catalogue.
func (m *Measuring) OpenEnvironment(matrixPath, node, name string) (*environment.Installed, error) {
	file, err := Load(matrixPath)
	if errors.Is(err, fs.ErrNotExist) && matrixPath == DefaultMatrix && node == "" {
		file, err = &matrix.Matrix{}, nil
	}
	if err != nil {
		return nil, err
	}
	open, err := m.opener(&result.Plan{Environment: name}, file)
	if err != nil {
		return nil, err
	}
	return open(node, &result.Configuration{})
}
