package result

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// CellArtifact names the artifact of a cell in one attempt of a workflow run. No other
// artifact of the run has that name.
func CellArtifact(id string, attempt int) string {
	return fmt.Sprintf("coldstart-cell-%s-%d", id, attempt)
}

// cellArtifact is such a name, of a folder or of an archive.
var cellArtifact = regexp.MustCompile(`^coldstart-cell-(.+)-([0-9]+)(?:\.zip)?$`)

// checkArtifact refuses a cell in the artifact of another one, or of another attempt: a job
// may speak for its own cell only. Directories of other names may hold any cell.
func (c *CellResult) checkArtifact(found document) error {
	for _, folder := range slices.Backward(strings.Split(filepath.ToSlash(found.name), "/")) {
		named := cellArtifact.FindStringSubmatch(folder)
		if named == nil {
			continue
		}
		if named[1] != c.Cell.ID || named[2] != strconv.Itoa(c.Attempt) {
			return fmt.Errorf("%s: the artifact is of cell %s in attempt %s, but this is cell %s in attempt %d; the cell is left out",
				found.name, named[1], named[2], c.Cell.ID, c.Attempt)
		}
		return nil
	}
	return nil
}
