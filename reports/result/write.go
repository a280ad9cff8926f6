package result

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strconv"
)

const (
	planFile  = "plan.json"
	cellsDir  = "cells"
	cellFile  = "cell.json"
	usageFile = "cpu_usage.csv"
)

// Directory is where a session's results are written.
type Directory struct {
	root string
	plan *Plan
}

// Plan is the plan of all the directory's results, with those of earlier plans that
// Extend kept.
func (d *Directory) Plan() *Plan { return d.plan }

// Create begins a session's directory, or begins it again. It is an error if the
// directory holds another session: no measurement is ever overwritten.
func Create(root string, plan *Plan) (*Directory, error) {
	if _, err := openPlan(root, plan.Session); err != nil {
		return nil, err
	}
	return writePlan(root, plan)
}

// Extend adds a plan's figures and cells to a session's directory, which it creates if
// necessary. The rules are Create's.
func Extend(root string, plan *Plan) (*Directory, error) {
	joined, err := openPlan(root, plan.Session)
	if err != nil {
		return nil, err
	}
	here, there, otherwise := joined.startsOtherwise(plan)
	switch {
	case joined.Schema == 0:
	case joined.Iterations != plan.Iterations:
		return nil, fmt.Errorf("%s was begun with --iterations %d and cannot continue with %d: "+
			"choose another directory with --out", root, joined.Iterations, plan.Iterations)
	case !reflect.DeepEqual(joined.Stop, plan.Stop):
		return nil, fmt.Errorf("%s was begun with another stopping rule (--confidence, --max-iterations): "+
			"repeat that rule, or choose another directory with --out", root)
	case otherwise:
		return nil, fmt.Errorf("%s was begun with the start %q and cannot continue with %q (--start): "+
			"choose another directory with --out", root, here, there)
	case joined.MeasuredBy() != plan.MeasuredBy():
		return nil, fmt.Errorf("%s was begun with %s and cannot continue with %s: choose another directory with --out",
			root, joined.MeasuredBy(), plan.MeasuredBy())
	}
	joined.join(plan)
	return writePlan(root, joined)
}

// openPlan reads the plan in root, which must belong to the session. It is empty if
// root has none, or that of a refused session.
func openPlan(root, session string) (*Plan, error) {
	plan := new(Plan)
	switch err := onDisk(filepath.Join(root, planFile)).read(plan); {
	case errors.Is(err, fs.ErrNotExist):
		return plan, nil
	case err != nil:
		return nil, fmt.Errorf("%w: choose another directory with --out, or move this one away", err)
	case plan.Session != session && refused(root):
		return new(Plan), os.RemoveAll(filepath.Join(root, cellsDir))
	case plan.Session != session:
		return nil, fmt.Errorf("%s holds session %s of engine %s: "+
			"continue it with --resume %s, choose another directory with --out, or move this one away",
			root, plan.Session, plan.Engine, plan.Session)
	}
	return plan, nil
}

func writePlan(root string, plan *Plan) (*Directory, error) {
	if err := checkSize(plan); err != nil {
		return nil, fmt.Errorf("the plan is too large: %w; measure fewer figures or nodes at once", err)
	}
	if err := plan.fault(); err != nil {
		return nil, fmt.Errorf("the plan could not be read back: %w", err)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("cannot create the directory %s: %w: choose another directory with --out", root, errors.Unwrap(err))
	}
	if err := writeDocument(filepath.Join(root, planFile), plan); err != nil {
		return nil, err
	}
	return &Directory{root: root, plan: plan}, nil
}

// CellWriter writes one cell's files. The caller fills in Result.
type CellWriter struct {
	Result CellResult
	dir    string
}

// Log is the path of the log of a cell's run.
func (d *Directory) Log(cell Cell, run *Run) string {
	return filepath.Join(d.root, cellsDir, cell.ID, filepath.FromSlash(run.Log))
}

// Cell begins a cell. It is a result only after Write.
func (d *Directory) Cell(cell Cell) *CellWriter {
	return &CellWriter{
		Result: CellResult{Schema: Schema, Session: d.plan.Session, Engine: d.plan.Engine, Cell: cell},
		dir:    filepath.Join(d.root, cellsDir, cell.ID),
	}
}

// Log creates the log of one run; the caller writes and closes it. name is its path
// below the cell's directory. An earlier log of the run keeps its content under other
// names that it has.
func (w *CellWriter) Log(iteration int, configuration string) (file *os.File, name string, err error) {
	name = path.Join("logs", strconv.Itoa(iteration), configuration+".log")
	place := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
		return nil, "", err
	}
	if err := os.Remove(place); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	file, err = os.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	return file, name, err
}

// CPUUsage writes the samples taken during a run.
func (w *CellWriter) CPUUsage(usage *CPUUsage) error {
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := usage.WriteCSV(&text); err != nil {
		return err
	}
	w.Result.CPUUsage = usageFile
	return writeLimited(filepath.Join(w.dir, usageFile), text.Bytes())
}

// Write writes cell.json, which makes the cell a result: after its last run, or with
// the runs so far and an Error.
func (w *CellWriter) Write() error {
	if err := os.MkdirAll(w.dir, 0o755); err != nil {
		return err
	}
	return writeDocument(filepath.Join(w.dir, cellFile), &w.Result)
}
