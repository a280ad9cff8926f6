package history

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/reports/stat"
)

// Records are those of results that a commit was measured in, by node, set and
// configuration. warnings name the configurations that were left out, though they were
// measured.
func Records(results *result.Results, commit string) (records []Record, warnings []string, err error) {
	if err := CheckCommit(commit); err != nil {
		return nil, nil, err
	}
	m := measured{results: results, commit: commit, at: map[Key]int{}}
	for i := range results.Plan.Cells {
		planned := &results.Plan.Cells[i]
		set, cell := results.Plan.Set(planned.Set), results.Cells[planned.ID]
		if set == nil || cell == nil {
			continue
		}
		for j := range set.Configurations {
			if err := m.add(planned, set, &set.Configurations[j], cell); err != nil {
				m.warnings = append(m.warnings, fmt.Sprintf("%s: %s: %v; it is left out",
					planned.ID, set.Configurations[j].ID, err))
			}
		}
	}
	return m.records, m.warnings, nil
}

// measured gathers records.
type measured struct {
	results  *result.Results
	commit   string
	records  []Record
	at       map[Key]int // in records
	warnings []string
}

// add adds a configuration of a cell, unless it has no run that counts. Cells with copies of
// the same runs, as the paper's artifact has, make one record.
func (m *measured) add(planned *result.Cell, set *result.Set, c *result.Configuration, cell *result.CellResult) error {
	runs := countedOf(cell, c.ID)
	if len(runs) == 0 {
		return nil
	}
	other := func(r *result.Run) bool { return r.Environment != runs[0].Environment }
	if slices.ContainsFunc(runs, other) {
		return errors.New("its runs come from several environments, which cannot be averaged")
	}
	record := m.record(planned, set, c, runs)
	record.Facts = m.facts(planned, set, c, cell, runs[0])
	record.Environment = digest(record.Facts)
	if err := record.check(); err != nil {
		return err
	}
	i, known := m.at[record.Key]
	switch {
	case !known:
		m.at[record.Key] = len(m.records)
		m.records = append(m.records, record)
	case record.counted() > m.records[i].counted():
		m.records[i] = record
	}
	return nil
}

func (m *measured) record(
	planned *result.Cell, set *result.Set, c *result.Configuration, runs []*result.Run,
) Record {
	plan := &m.results.Plan
	record := Record{
		Schema: Schema, Commit: m.commit, Time: plan.Date, Session: plan.Session,
		Key: Key{
			Node: planned.Node, Engine: plan.Engine, Start: set.Start, Set: set.Name, Configuration: c.ID,
			StandIn: runs[0].StandIn,
		},
		Release: runs[0].Release,
	}
	record.GPU = string(planned.GPU)
	record.Phases = phasesOf(runs)
	record.Segments = segmentsOf(runs)
	record.Whole = record.whole()
	return record
}

// whole is the name of what is the whole start-up; empty if nothing is.
func (r *Record) whole() string {
	if _, known := r.Segments[segment.TimeToReady]; known {
		return segment.TimeToReady
	}
	if p := phase.Whole(func(p phase.Phase) bool { return r.Phases[p.String()].Runs > 0 }); p != phase.None {
		return p.String()
	}
	return ""
}

func phasesOf(runs []*result.Run) map[string]Mean {
	means := map[string]Mean{}
	var times []phase.Times
	for _, run := range runs {
		times = append(times, run.Seconds)
	}
	for p := range phase.All() {
		if values := stat.Values(times, p); len(values) > 0 {
			means[p.String()] = meanOf(values)
		}
	}
	return means
}

// segmentsOf are nil if not all runs have the same: then their times to ready are of different
// spans.
func segmentsOf(runs []*result.Run) map[string]Mean {
	values := map[string][]float64{}
	for _, run := range runs {
		for i := range run.Segments {
			name := run.Segments[i].Name()
			values[name] = append(values[name], run.Segments[i].Seconds())
		}
		values[segment.TimeToReady] = append(values[segment.TimeToReady], run.Segments.ToReady())
	}
	means := map[string]Mean{}
	for name, seconds := range values {
		if len(seconds) < len(runs) || len(values) == 1 {
			return nil
		}
		means[name] = meanOf(seconds)
	}
	return means
}

// meanOf is rounded to microseconds: no log is more precise.
func meanOf(values []float64) Mean {
	return Mean{Seconds: math.Round(stat.Summarize(values).Mean*1e6) / 1e6, Runs: len(values)}
}

// countedOf are the runs of a configuration that count.
func countedOf(cell *result.CellResult, configuration string) (runs []*result.Run) {
	for i := range cell.Runs {
		if run := &cell.Runs[i]; run.Configuration == configuration && run.Counts() {
			runs = append(runs, run)
		}
	}
	return runs
}

// counted is how many runs the record is the mean of.
func (r *Record) counted() (most int) {
	for _, mean := range r.Phases {
		most = max(most, mean.Runs)
	}
	return most
}

// facts are what a configuration's runs took place in, besides the commit.
func (m *measured) facts(
	planned *result.Cell, set *result.Set, c *result.Configuration, cell *result.CellResult, run *result.Run,
) facts {
	f := facts{}
	f.add("release", run.Release)
	f.machine(m.results.Description(planned.Node))
	f.configuration(set, c)
	environment := cell.EnvironmentOf(run)
	if environment == nil && len(cell.Environments) == 1 {
		environment = &cell.Environments[0]
	}
	if environment != nil {
		f.environment(environment)
	} else {
		f.add("environment", cmp.Or(c.Environment, m.results.Plan.Environment))
	}
	return f
}
