package result

import (
	"path/filepath"
	"slices"
	"strings"
)

// MomentsOf are the moments of the run whose log a cell keeps at path, compressed or not; nil
// if no cell does, or if it has none.
func MomentsOf(path string) *Moments {
	dir := filepath.Join(filepath.Dir(path), "..", "..") // of logs/<iteration>/<configuration>.log
	cell := new(CellResult)
	if err := onDisk(filepath.Join(dir, cellFile)).read(cell); err != nil {
		return nil
	}
	log, err := filepath.Rel(dir, path)
	if err != nil {
		return nil
	}
	log = strings.TrimSuffix(filepath.ToSlash(log), ".gz")
	at := slices.IndexFunc(cell.Runs, func(r Run) bool { return r.Log == log })
	if at < 0 {
		return nil
	}
	return cell.Runs[at].Moments
}
