package reports

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// earlierFigures are the names of the figures that an earlier report has left in a
// directory, by their numbers: a file that somebody else has put there has none.
func earlierFigures(dir string) (names []string) {
	entries, _ := os.ReadDir(filepath.Join(dir, dataDir))
	for _, entry := range entries {
		var numbers struct{ Figure, Name, Engine string }
		text, err := os.ReadFile(filepath.Join(dir, dataDir, entry.Name()))
		name, ok := strings.CutSuffix(entry.Name(), ".json")
		if ok && err == nil && json.Unmarshal(text, &numbers) == nil && numbers.Figure != "" && numbers.Engine != "" && numbers.Name == name {
			names = append(names, name)
		}
	}
	return names
}

// removeStale removes what an earlier report has left of its figures and this one has
// not written anew: beside a newer summary it would pass for its own.
func removeStale(dir string, earlier []string, documents []document) error {
	var errs []error
	for _, figure := range earlier {
		for _, name := range []string{figure + ".pdf", path.Join(dataDir, figure+".json")} {
			if slices.ContainsFunc(documents, func(d document) bool { return d.name == name }) {
				continue
			}
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}
