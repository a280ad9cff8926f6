package result

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
)

// NoResultsError says that a directory holds no results.
type NoResultsError struct{ Dir string }

func (e *NoResultsError) Error() string {
	return e.Dir + ": no results found: name a directory that coldstart measured into, a download of its artifacts, " +
		"or one laid out as the paper's artifact (figure-*/iterations/…)"
}

// Read reads a session's results from dir and all directories below it. Of several
// results of one cell, the latest attempt counts, and of those the newest. A cell
// that cannot be read is missing, with a warning. Plans of one session are joined;
// plans of several sessions are an error, because their runs must not mix.
func Read(dir string) (*Results, error) {
	found, err := findDocuments(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	return found.results(dir)
}

// ReadPlanned is Read with the plan whose file has a SHA-256, written in hexadecimal
// digits. No other plan in dir counts: any job of a workflow can upload one.
func ReadPlanned(dir, sum string) (*Results, error) {
	found, err := findDocuments(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	if found.plans = found.withSum(sum); len(found.plans) == 0 {
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
	var leftOut []string
	for _, err := range f.unreadable {
		leftOut = append(leftOut, err.Error()+"; it is left out")
	}
	for _, cell := range f.cells {
		if err := results.addCell(cell); err != nil {
			leftOut = append(leftOut, err.Error())
		}
	}
	results.Warn(dir, leftOut)
	for _, cell := range results.Plan.Cells {
		if read := results.Cells[cell.ID]; read != nil {
			results.Warn(cell.ID, read.warnings())
		}
	}
	return results, nil
}

// PlanSum is what ReadPlanned takes, of the plan that Create wrote into root.
func PlanSum(root string) (string, error) { return onDisk(filepath.Join(root, planFile)).sum() }

// ReadPlan reads the plan in dir or below it.
func ReadPlan(dir string) (*Plan, error) {
	found, err := findDocuments(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	return found.plan(dir)
}

// plan joins the plans found in dir.
func (f *findings) plan(dir string) (*Plan, error) {
	if len(f.plans) == 0 {
		return nil, errors.Join(append(f.unreadable, &NoResultsError{Dir: dir})...)
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
			return nil, fmt.Errorf("%s belongs to session %s, but %s to session %s: report one session at a time",
				found.name, plan.Session, plans[0].name, joined.Session)
		}
		joined.join(&plan)
	}
	return joined, nil
}

// addCell adds a cell of the plan, unless a newer result of it is there.
func (r *Results) addCell(found document) error {
	cell := new(CellResult)
	if err := found.read(cell); err != nil {
		return fmt.Errorf("%w; the cell is left out", err)
	}
	if err := cell.checkArtifact(found); err != nil {
		return err
	}
	id := cell.Cell.ID
	planned := r.Plan.Cell(id)
	switch {
	case cell.Session != r.Plan.Session:
		return fmt.Errorf("%s: the cell belongs to session %s, but the plan to session %s; the cell is left out",
			found.name, cell.Session, r.Plan.Session)
	case cell.Engine != r.Plan.Engine:
		return fmt.Errorf("%s: the cell was measured with engine %s, but the plan is for engine %s; the cell is left out",
			found.name, cell.Engine, r.Plan.Engine)
	case planned == nil:
		return nil // of this session, but not of this plan
	case cell.Cell.Node != planned.Node || cell.Cell.Set != planned.Set:
		return fmt.Errorf("%s: the cell measured set %s on %s, but the plan has set %s on %s; the cell is left out",
			found.name, cell.Cell.Set, cell.Cell.Node, planned.Set, planned.Node)
	}
	if run, twice := cell.countedTwice(); twice {
		return fmt.Errorf("%s: iteration %d of %s is there twice; the cell is left out",
			found.name, run.Iteration, run.Configuration)
	}
	cut, err := cell.readUsage(found)
	if err != nil {
		return fmt.Errorf("%w; the cell is left out", err)
	}
	if earlier := r.Cells[id]; earlier == nil || !earlier.newerThan(cell) {
		r.Cells[id] = cell
		r.Warn(id, cut)
	}
	return nil
}

func (c *CellResult) newerThan(other *CellResult) bool {
	return cmp.Or(cmp.Compare(c.Attempt, other.Attempt), c.Finished.Compare(other.Finished)) > 0
}

// countedTwice finds a run that counts, as another of the same iteration does.
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

// readUsage reads the samples in the folder of cell.json, if there are any. cut says how many
// were merged, if any were.
func (c *CellResult) readUsage(cell document) (cut []string, err error) {
	if c.CPUUsage == "" {
		return nil, nil
	}
	samples, ok := cell.beside(c.CPUUsage)
	if !ok {
		return nil, fmt.Errorf("%s: cpu_usage must name a file in the same folder, not %q", cell.name, c.CPUUsage)
	}
	text, err := samples.text()
	if err != nil {
		return nil, err
	}
	if c.Usage, err = ReadCPUUsage(bytes.NewReader(text), samples.name); err != nil {
		return nil, err
	}
	return c.Usage.Thin(samples.name), nil
}
