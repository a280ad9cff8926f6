package result

import (
	"io/fs"
	"os"
	"path/filepath"
)

// refused tells whether a directory holds a session that ended before its first run,
// such as while its environment was set up: its cells of figures have errors and no
// runs, and there is no log. No measurement is lost with it.
func refused(root string) bool {
	files := os.DirFS(root)
	logs, _ := fs.Glob(files, cellsDir+"/*/logs/*/*")
	cells, _ := fs.Glob(files, cellsDir+"/*/"+cellFile)
	found := false
	for _, path := range cells {
		var cell CellResult
		if err := onDisk(filepath.Join(root, path)).read(&cell); err != nil {
			return false
		}
		switch {
		case cell.Error != "" && len(cell.Runs) == 0:
			found = true
		case cell.Cell.Figure != "":
			return false
		}
	}
	return found && len(logs) == 0
}
