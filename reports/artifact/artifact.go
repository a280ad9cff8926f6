// Package artifact reads start-up logs in the layout of the paper's artifact
// (Huzifa1/vllm-profiling):
//
//	figure-<N>[/<role>]/iterations/<i>/output_<configuration>.txt   iteration i
//	figure-<N>[/<role>]/uncached/output_<configuration>.txt         the warm-up
//	figure-1/iterations/output_<release>.txt
//	figure-12/cpu_usage.json, figure-12/<model>.txt
//
// figure-rest stands for every figure that has no folder of its own.
package artifact

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Is tells whether a directory has the layout of the paper's artifact.
func Is(dir string) bool {
	folders, _ := fs.Glob(os.DirFS(dir), "figure-*")
	return len(folders) > 0
}

// Read reads the logs of the plan's cells. A cell without logs is absent from the
// results. The layout has no nodes, session or date: the nodes are the plan's, the
// plan's engine is result.Logs, and Results.Stamped has the dates in the logs.
func Read(dir string, plan *result.Plan) (*result.Results, error) {
	a := reader{dir: dir, results: &result.Results{Plan: *plan, Cells: map[string]*result.CellResult{}}}
	for _, cell := range plan.Cells {
		if cell.Figure == "" {
			continue
		}
		if err := a.addCell(cell); err != nil {
			return nil, err
		}
	}
	if len(a.results.Cells) == 0 {
		return nil, &result.NoResultsError{Dir: dir}
	}
	a.addRuns()
	return a.results, nil
}

// reader lists the logs of all cells first, to read them together.
type reader struct {
	dir     string
	results *result.Results
	files   []logFile
}

func (a *reader) warn(format string, args ...any) {
	a.results.Warn(a.dir, []string{fmt.Sprintf(format, args...)})
}

// addCell lists a cell's logs. It warns of a figure's folder without measurements.
func (a *reader) addCell(cell result.Cell) error {
	folder, found := findFolder(a.dir, cell)
	if !found {
		return nil
	}
	plan := &a.results.Plan
	set := plan.Set(cell.Set)
	read := &result.CellResult{Schema: result.Schema, Session: plan.Session, Engine: plan.Engine, Cell: cell}
	err := a.addSet(folder, read, set)
	if missing, is := errors.AsType[*fs.PathError](err); is && errors.Is(err, fs.ErrNotExist) {
		a.warn("%s is left out: %s does not exist", cell.ID, missing.Path)
		return nil
	}
	if err != nil {
		return err
	}
	a.results.Cells[cell.ID] = read
	return nil
}

// addRuns reads the logs, adds the runs to their cells, and sets what the results say of
// all runs.
func (a *reader) addRuns() {
	var paths []string
	for _, file := range a.files {
		paths = append(paths, file.path)
	}
	logs, failures := phase.ReadAll(paths, nil)
	plan := &a.results.Plan
	var stamps phase.Stamps
	for i, file := range a.files {
		run := file.run(logs[i], failures[i])
		a.results.Warn(file.path, run.Warnings)
		file.cell.Runs = append(file.cell.Runs, run)
		plan.Iterations = max(plan.Iterations, run.Iteration)
		stamps.Join(logs[i].Stamps)
	}
	a.results.Stamp(stamps)
	a.results.Provenance = append(a.results.Provenance,
		"The logs are laid out as those of the paper's artifact (Huzifa1/vllm-profiling). That layout names no nodes: "+
			"they have the names in the file given with --matrix, or else the paper's.")
}
