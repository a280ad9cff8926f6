package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"coldstart/reports/artifact"
	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/plan"
)

// Writers say by which plan logs were written that coldstart did not keep, as a session
// that stands for them.
type Writers func(session plan.Session) (layout *result.Plan, notes []string, err error)

// Unknown are the writers of logs for which nobody names a matrix: the figures are on the
// nodes that they have in the paper, whose hardware is unknown.
func Unknown(session plan.Session) (*result.Plan, []string, error) {
	layout := plan.Published(session)
	for i := range layout.Nodes {
		layout.Nodes[i].Declared = hardware.Hardware{} // the paper's, and nobody else's
	}
	return layout, nil, nil
}

// In are the writers that the matrix at a path describes.
func In(path string) Writers {
	return func(session plan.Session) (*result.Plan, []string, error) {
		l, err := Open(path)
		if err != nil {
			return nil, nil, err
		}
		return plan.Make(l.file, plan.Selection{}, session)
	}
}

// Results reads results in a directory: of a session that coldstart measured, or
// logs laid out as the paper's artifact, for which it asks who wrote them.
func Results(dir string, writers Writers) (results *result.Results, notes []string, err error) {
	switch info, err := os.Stat(dir); {
	case err != nil:
		return nil, nil, fmt.Errorf("cannot read results in %s: %w; name the directory that holds them",
			dir, errors.Unwrap(err)) // without "stat"
	case !info.IsDir():
		return nil, nil, fmt.Errorf("cannot read results: %s is a file; "+
			"name the directory that holds it, also for an archive", dir)
	}
	if !artifact.Is(dir) {
		results, err = result.Read(dir)
		return results, nil, err
	}
	layout, notes, err := writers(plan.Session{Name: filepath.Clean(dir), Engine: result.Logs})
	if err != nil {
		return nil, nil, err
	}
	results, err = artifact.Read(dir, layout)
	return results, notes, err
}
