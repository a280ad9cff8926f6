package lab

import (
	"fmt"
	"os"
	"path/filepath"

	"coldstart/reports/result"
	"coldstart/runner/plan"
	"coldstart/runner/reference"
)

// Writers say in which lab logs were written that coldstart did not keep.
type Writers func() (*Lab, error)

// Unknown are the writers of logs whose lab nobody names: the figures are on the nodes
// that they have in the paper, of which nothing is known.
func Unknown() (*Lab, error) {
	file := reference.Lab()
	for i := range file.Nodes {
		file.Nodes[i].Declared = result.Hardware{} // the paper's, and nobody else's
	}
	return &Lab{file: file}, nil
}

// Results reads results in a directory: of a session that coldstart measured, or
// logs laid out as the paper's artifact, for which it asks who wrote them.
func Results(dir string, writers Writers) (results *result.Results, notes []string, err error) {
	switch info, err := os.Stat(dir); {
	case err != nil:
		return nil, nil, fmt.Errorf("cannot read results: %w; name their directory with --from", err)
	case !info.IsDir():
		return nil, nil, fmt.Errorf("cannot read results: %s is a file; "+
			"name the directory that it lies in, also of an archive", dir)
	}
	if !result.IsArtifact(dir) {
		results, err = result.Read(dir)
		return results, nil, err
	}
	l, err := writers()
	if err != nil {
		return nil, nil, err
	}
	session := plan.Session{Name: filepath.Clean(dir), Engine: result.Logs}
	layout, notes, err := plan.Make(l.file, plan.Selection{}, session)
	if err != nil {
		return nil, nil, err
	}
	results, err = result.ReadArtifact(dir, layout)
	return results, notes, err
}
