package lab

import (
	"errors"
	"os"
	"path/filepath"

	"coldstart/reports/artifact"
	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// IsLogs tells whether a path is of start-up logs, not of results: a file that is no
// archive, or a directory with logs that is neither a session's nor the artifact's.
func IsLogs(path string) bool {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return false
	case !info.IsDir():
		return filepath.Ext(path) != ".zip"
	case artifact.Is(path):
		return false
	}
	_, err = result.ReadPlan(path)
	_, none := errors.AsType[*result.NoResultsError](err)
	if none {
		_, err = phase.Find([]string{path})
	}
	return none && err == nil
}
