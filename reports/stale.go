package reports

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// staleFiles are the files of figures of an earlier report in a directory that this report
// does not write. Left in place, they would look like part of this report.
func staleFiles(dir string, documents []document) (files []string) {
	entries, _ := os.ReadDir(filepath.Join(dir, dataDir))
	for _, entry := range entries {
		figure, isData := strings.CutSuffix(entry.Name(), ".json")
		left := slices.DeleteFunc([]string{figure + ".pdf", dataDir + "/" + entry.Name()}, func(name string) bool {
			return slices.ContainsFunc(documents, func(d document) bool { return d.name == name })
		})
		if isData && len(left) > 0 && isFigure(filepath.Join(dir, dataDir, entry.Name()), figure) {
			files = append(files, left...)
		}
	}
	return files
}

// isFigure reports whether a file has the numbers of a figure of that name, and so comes
// from a report and not from somebody else.
func isFigure(path, name string) bool {
	var numbers struct{ Figure, Name, Engine string }
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	text, err := os.ReadFile(path)
	return err == nil && json.Unmarshal(text, &numbers) == nil &&
		numbers.Figure != "" && numbers.Engine != "" && numbers.Name == name
}
