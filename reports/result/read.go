package result

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// NoResultsError says that a directory holds no results.
type NoResultsError struct{ Dir string }

func (e *NoResultsError) Error() string {
	return e.Dir + ": no results found: name a directory that coldstart measured into, a download of its artifacts, " +
		"or one laid out as the paper's artifact (figure-*/iterations/…)"
}

// Read reads a session's results from dir and all directories below it. Of several
// results of one cell, the latest attempt counts, and of those the newest. A cell
// that cannot be read is missing, with a warning. Plans of one session are joined. Of
// several sessions, whose runs must not mix, that with the most cells counts; the others
// and plans that cannot be read are left out, with a warning.
func Read(dir string) (*Results, error) {
	found, err := findDocuments(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	return found.results(dir, 0)
}

// ReadPlanned is Read for attempt number attempt of a workflow run, with the plan whose file
// has a SHA-256, written in hexadecimal digits. No other plan in dir counts, and no cell of a
// later attempt: any job of the run can upload them.
func ReadPlanned(dir, sum string, attempt int) (*Results, error) {
	found, err := findDocuments(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	if found.plans = found.withSum(sum); len(found.plans) == 0 {
		return nil, fmt.Errorf("%s: no plan has the SHA-256 %s: it was changed, or it is not there", dir, sum)
	}
	return found.results(dir, attempt)
}

// results reads the cells of the plan, of attempts up to the latest, or of all if that is 0.
func (f *findings) results(dir string, latest int) (*Results, error) {
	plan, bad, err := f.plan(dir)
	if err != nil {
		return nil, err
	}
	results := newResults(plan)
	var leftOut []string
	for _, err := range slices.Concat(f.unreadable, bad) {
		leftOut = append(leftOut, err.Error()+"; it is left out")
	}
	for _, cell := range f.cells {
		if err := results.addCell(cell, latest); err != nil {
			leftOut = append(leftOut, err.Error())
		}
	}
	results.Warn(dir, leftOut)
	for side := results; side != nil; side = side.Against {
		for _, cell := range side.Plan.Cells {
			if read := side.Cells[cell.ID]; read != nil {
				side.Plan.learn(read)
				results.Warn(cell.ID, read.warnings())
			}
		}
	}
	if results.Against != nil {
		results.Warn(dir, results.Against.Warnings)
	}
	return results, nil
}

// newResults are the results of a plan and its other side, without cells.
func newResults(plan *Plan) *Results {
	results := &Results{Plan: *plan, Cells: map[string]*CellResult{}}
	if plan.Against != nil {
		results.Against = newResults(plan.Against)
	}
	return results
}

// PlanSum is what ReadPlanned takes, of the plan that Create wrote into root.
func PlanSum(root string) (string, error) { return onDisk(filepath.Join(root, planFile)).sum() }

// ReadPlan reads the plan in dir or below it. It is an error if another plan beside
// it cannot be read, or belongs to another session.
func ReadPlan(dir string) (*Plan, error) {
	found, err := findDocuments(dir)
	if err != nil {
		return nil, err
	}
	defer found.close()
	plan, bad, err := found.plan(dir)
	if err := errors.Join(append(bad, err)...); err != nil {
		return nil, err
	}
	return plan, nil
}

// plan joins the plans of a session found in dir. The copies in cells' artifacts count only if
// there is no other. bad says why plans were left out.
func (f *findings) plan(dir string) (joined *Plan, bad []error, err error) {
	if len(f.plans) == 0 {
		return nil, nil, errors.Join(append(f.unreadable, &NoResultsError{Dir: dir})...)
	}
	own, copies := f.withoutCopies()
	plans, bad := readPlans(own)
	if len(plans) == 0 {
		var more []error
		plans, more = readPlans(copies)
		bad = append(bad, more...)
	}
	if len(plans) == 0 {
		return nil, nil, errors.Join(bad...)
	}
	joined, chosen := new(Plan), f.mostMeasured(plans)
	for _, plan := range plans {
		here, there, otherwise := joined.startsOtherwise(plan.Plan)
		if plan.Session != chosen.Session {
			bad = append(bad, fmt.Errorf("%s belongs to session %s, but %s to session %s: report one session at a time",
				plan.name, plan.Session, chosen.name, chosen.Session))
		} else if otherwise {
			return nil, nil, fmt.Errorf("%s and %s are of one session, but one is %v and the other %v: report one at a time",
				chosen.name, plan.name, here, there)
		} else if err := checkSize(joined, plan.Plan); err != nil {
			bad = append(bad, fmt.Errorf("%s: with the plans before it, %w", plan.name, err))
		} else {
			joined.join(plan.Plan)
		}
	}
	return joined, bad, nil
}

// namedPlan is a plan with the name of its file for people.
type namedPlan struct {
	*Plan
	name string
}

// readPlans reads plans. bad says why some could not be read.
func readPlans(documents []document) (plans []namedPlan, bad []error) {
	for _, found := range documents {
		plan := new(Plan)
		if err := found.read(plan); err != nil {
			bad = append(bad, err)
		} else if err := plan.check(); err != nil {
			bad = append(bad, fmt.Errorf("%s: %w", found.name, err))
		} else {
			plans = append(plans, namedPlan{plan, found.name})
		}
	}
	return plans, bad
}

// mostMeasured is a plan of the session that has the most cells, the first of equals.
func (f *findings) mostMeasured(plans []namedPlan) namedPlan {
	most := plans[0]
	if !slices.ContainsFunc(plans, func(p namedPlan) bool { return p.Session != most.Session }) {
		return most
	}
	cells := map[string]int{} // of each session
	for _, found := range f.cells {
		var cell struct{ Session string }
		if found.read(&cell) == nil {
			cells[cell.Session]++
		}
	}
	for _, plan := range plans {
		if cells[plan.Session] > cells[most.Session] {
			most = plan
		}
	}
	return most
}

// addCell adds a cell of the plan or its other side, unless a newer result of it is there.
func (r *Results) addCell(found document, latest int) error {
	cell := new(CellResult)
	if err := found.read(cell); err != nil {
		return fmt.Errorf("%w; the cell is left out", err)
	}
	if err := cell.checkArtifact(found, latest); err != nil {
		return err
	}
	if r.Against != nil && cell.Session == r.Against.Plan.Session {
		return r.Against.add(found, cell)
	}
	return r.add(found, cell)
}

// add adds a cell that was read, unless a newer result of it is there.
func (r *Results) add(found document, cell *CellResult) error {
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
	if run, odd := cell.beyondIterations(); odd {
		return fmt.Errorf("%s: iteration %d of %s is not from 0 to %d; the cell is left out",
			found.name, run.Iteration, run.Configuration, MostIterations)
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

// beyondIterations finds a run of an iteration that no plan has.
func (c *CellResult) beyondIterations() (run Run, odd bool) {
	for _, run := range c.Runs {
		if run.Iteration < 0 || run.Iteration > MostIterations {
			return run, true
		}
	}
	return Run{}, false
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
