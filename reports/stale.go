package reports

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// staleFiles are the files that an earlier report has left of its figures and this one
// does not write anew: beside a newer summary they would pass for its own.
func staleFiles(dir string, documents []document) (files []string) {
	entries, _ := os.ReadDir(filepath.Join(dir, dataDir))
	for _, entry := range entries {
		figure, isData := strings.CutSuffix(entry.Name(), ".json")
		left := slices.DeleteFunc([]string{figure + ".pdf", dataDir + "/" + entry.Name()}, func(name string) bool {
			return slices.ContainsFunc(documents, func(d document) bool { return d.name == name })
		})
		if isData && len(left) > 0 && isFigure(filepath.Join(dir, dataDir, entry.Name()), figure) {
			for _, name := range left {
				files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
			}
		}
	}
	return files
}

// isFigure tells whether a file has a figure's numbers, and so is of a report: one that
// somebody else has put there has none.
func isFigure(path, name string) bool {
	var numbers struct{ Figure, Name, Engine string }
	text, err := os.ReadFile(path)
	return err == nil && json.Unmarshal(text, &numbers) == nil && numbers.Figure != "" && numbers.Engine != "" && numbers.Name == name
}

// removeAll removes files, of which some may not be there.
func removeAll(files []string) error {
	var errs []error
	for _, file := range files {
		if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
