package result

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// CellArtifact names the artifact of a cell in one attempt of a workflow run. No other
// artifact of the run has that name.
func CellArtifact(id string, attempt int) string {
	return fmt.Sprintf("%s%s-%d", artifactPrefix, id, attempt)
}

// Names of cells' artifacts, of a folder or of an archive.
const artifactPrefix = "coldstart-cell-"

var cellArtifact = regexp.MustCompile(`^` + artifactPrefix + `(.+)-([0-9]+)(?:\.zip)?$`)

// artifactIn is the artifact in a path: the outermost folder or archive that is called like
// one. What is in an artifact is its job's, also a name of another artifact.
func artifactIn(place string) string {
	for _, folder := range strings.Split(place, "/") {
		if strings.HasPrefix(folder, artifactPrefix) {
			return folder
		}
	}
	return ""
}

// checkArtifact refuses a cell in the artifact of another one, or of another attempt: a job
// may speak for its own cell only. Directories of other names may hold any cell. It also
// refuses attempts after the latest, unless that is 0.
func (c *CellResult) checkArtifact(found document, latest int) error {
	named := cellArtifact.FindStringSubmatch(found.artifact)
	switch {
	case latest > 0 && c.Attempt > latest:
		return fmt.Errorf("%s: this is attempt %d, and the workflow run is in attempt %d; the cell is left out",
			found.name, c.Attempt, latest)
	case found.artifact == "":
		return nil
	case named == nil:
		return fmt.Errorf("%s: the artifact %s is not named after a cell and an attempt, such as %s; the cell is left out",
			found.name, found.artifact, CellArtifact(c.Cell.ID, max(1, c.Attempt)))
	case named[1] != c.Cell.ID || named[2] != strconv.Itoa(c.Attempt):
		return fmt.Errorf("%s: the artifact is of cell %s in attempt %s, but this is cell %s in attempt %d; the cell is left out",
			found.name, named[1], named[2], c.Cell.ID, c.Attempt)
	}
	return nil
}
