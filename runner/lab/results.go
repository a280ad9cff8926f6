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

// Results reads results in a directory: of a session that coldstart measured, or logs laid
// out as the paper's artifact. matrix is the path of the file that declares the nodes of
// such logs; it is empty if there is none.
func Results(dir, matrix string) (results *result.Results, notes []string, err error) {
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
	layout, notes, err := layoutOf(plan.Session{Name: filepath.Clean(dir), Engine: result.Logs}, matrix)
	if err != nil {
		return nil, nil, err
	}
	results, err = artifact.Read(dir, layout)
	return results, notes, err
}

// layoutOf is the plan of logs that coldstart did not measure. Without a matrix the figures
// are on the nodes that they have in the paper, whose hardware is unknown.
func layoutOf(session plan.Session, matrix string) (layout *result.Plan, notes []string, err error) {
	if matrix != "" {
		l, err := Open(matrix)
		if err != nil {
			return nil, nil, err
		}
		return plan.Make(l.file, plan.Selection{}, session)
	}
	layout = plan.Published(session)
	for i := range layout.Nodes {
		layout.Nodes[i].Declared = hardware.Hardware{} // the paper's, and nobody else's
	}
	return layout, nil, nil
}
