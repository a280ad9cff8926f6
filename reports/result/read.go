package result

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
)

// NoResultsError says that a directory holds no results.
type NoResultsError struct{ Dir string }

func (e *NoResultsError) Error() string {
	return fmt.Sprintf("%s: no results in it: want a directory that coldstart measured into, a download of its artifacts, or the layout of the paper's artifact (figure-*/iterations/…)", e.Dir)
}

// Read reads a session's results, wherever below dir its plan and cells lie. Of
// several results of one cell the latest attempt's counts, and of those the
// newest. A cell that cannot be read is missing and warned of. Plans of one
// session are taken together; several sessions are an error, since their runs
// must not mix.
func Read(dir string) (*Results, error) {
	found, err := find(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	return found.results(dir)
}

// ReadPlanned is Read with the plan whose file has a SHA-256, written in hexadecimal
// digits. No other plan in dir counts: any job of a workflow can upload one.
func ReadPlanned(dir, sum string) (*Results, error) {
	found, err := find(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	if found.plans, err = found.withSum(sum); err != nil {
		return nil, err
	}
	if len(found.plans) == 0 {
		return nil, fmt.Errorf("%s: no plan has the SHA-256 %s: it was changed, or it is not there", dir, sum)
	}
	return found.results(dir)
}

// results reads the cells of the plan.
func (f *findings) results(dir string) (*Results, error) {
	plan, err := f.plan(dir)
	if err != nil {
		return nil, err
	}
	results := &Results{Plan: *plan, Cells: map[string]*CellResult{}}
	for _, cell := range f.cells {
		if err := results.addCell(cell); err != nil {
			results.Warn(err.Error())
		}
	}
	for _, cell := range results.Plan.Cells {
		results.warnOfRuns(results.Cells[cell.ID])
	}
	return results, nil
}

// warnOfRuns takes in what was odd about a cell's runs.
func (r *Results) warnOfRuns(cell *CellResult) {
	if cell == nil {
		return
	}
	for i := range cell.Runs {
		r.Warn(cell.Runs[i].Warnings...)
	}
}

// PlanSum is what ReadPlanned takes, of the plan that Create wrote into root.
func PlanSum(root string) (string, error) { return onDisk(filepath.Join(root, planFile)).sum() }

// ReadPlan reads the plan that lies in dir or below it.
func ReadPlan(dir string) (*Plan, error) {
	found, err := find(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	return found.plan(dir)
}

// plan joins the plans found in dir.
func (f *findings) plan(dir string) (*Plan, error) {
	if len(f.plans) == 0 {
		return nil, &NoResultsError{Dir: dir}
	}
	joined, plans := new(Plan), f.ofTheSession()
	for _, found := range plans {
		var plan Plan
		if err := found.read(&plan); err != nil {
			return nil, err
		}
		if err := plan.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", found.name, err)
		}
		if joined.Schema != 0 && plan.Session != joined.Session {
			return nil, fmt.Errorf("%s is of session %s, but %s of session %s: report one session at a time", found.name, plan.Session, plans[0].name, joined.Session)
		}
		joined.join(&plan)
	}
	return joined, nil
}

// addCell takes in a cell, if it is of the plan and no older than one
// already there.
func (r *Results) addCell(found document) error {
	cell := new(CellResult)
	if err := found.read(cell); err != nil {
		return fmt.Errorf("%w; the cell is left out", err)
	}
	id := cell.Cell.ID
	planned := r.Plan.Cell(id)
	switch {
	case cell.Session != r.Plan.Session:
		return fmt.Errorf("%s: the cell is of session %s, the plan of %s; it is left out", found.name, cell.Session, r.Plan.Session)
	case cell.Engine != r.Plan.Engine:
		return fmt.Errorf("%s: the cell is of engine %s, the plan of %s; it is left out", found.name, cell.Engine, r.Plan.Engine)
	case planned == nil:
		return nil // of this session, but not asked for this time
	case cell.Cell.Node != planned.Node || cell.Cell.Set != planned.Set:
		return fmt.Errorf("%s: the cell is of %s on %s, and planned is %s on %s; it is left out", found.name, cell.Cell.Set, cell.Cell.Node, planned.Set, planned.Node)
	}
	if run, twice := cell.countedTwice(); twice {
		return fmt.Errorf("%s: iteration %d of %s counts twice; the cell is left out", found.name, run.Iteration, run.Configuration)
	}
	if err := cell.readUsage(found); err != nil {
		return fmt.Errorf("%w; the cell is left out", err)
	}
	if earlier := r.Cells[id]; earlier == nil || !earlier.newerThan(cell) {
		r.Cells[id] = cell
	}
	return nil
}

func (c *CellResult) newerThan(other *CellResult) bool {
	return cmp.Or(cmp.Compare(c.Attempt, other.Attempt), c.Finished.Compare(other.Finished)) > 0
}

// countedTwice finds a run that would be averaged in beside another of the same
// iteration, which no measurement leaves.
func (c *CellResult) countedTwice() (run Run, twice bool) {
	type which struct {
		configuration string
		iteration     int
	}
	seen := map[which]bool{}
	for _, run := range c.Runs {
		if !run.Counts() {
			continue
		}
		key := which{run.Configuration, run.Iteration}
		if seen[key] {
			return run, true
		}
		seen[key] = true
	}
	return Run{}, false
}

// readUsage reads the samples beside cell.json, where there are any.
func (c *CellResult) readUsage(cell document) error {
	if c.CPUUsage == "" {
		return nil
	}
	samples, ok := cell.beside(c.CPUUsage)
	if !ok {
		return fmt.Errorf("%s: cpu_usage is %q, which is no file beside it", cell.name, c.CPUUsage)
	}
	text, err := samples.text()
	if err != nil {
		return err
	}
	c.Usage, err = ReadCPUUsage(bytes.NewReader(text), samples.name)
	return err
}
