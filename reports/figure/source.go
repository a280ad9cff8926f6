package figure

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/table"
)

// source provides a figure's measurements and notes what is missing.
type source struct {
	results *result.Results
	spec    *result.Figure
	data    *Data
	mixed   bool // some models are originals and some stand-ins
}

func newSource(results *result.Results, spec *result.Figure) (*source, error) {
	plan := &results.Plan
	for _, role := range spec.Roles {
		cell := plan.Cell(spec.Cells[role])
		if cell == nil {
			return nil, fmt.Errorf("figure %s: the plan has no cell %q for side %q", spec.Number, spec.Cells[role], role)
		}
		if plan.Set(cell.Set) == nil {
			return nil, fmt.Errorf("cell %s: the plan has no measurement set %q", cell.ID, cell.Set)
		}
	}
	for _, step := range spec.Steps {
		if step.Phase == phase.None {
			return nil, fmt.Errorf("figure %s: step %q has no phase", spec.Number, step.Label)
		}
	}
	s := &source{
		results: results, spec: spec,
		data: &Data{
			Figure: spec.Number, Name: spec.Name, Kind: Kind(spec.Kind), Title: spec.Title,
			Engine: plan.Engine, Session: plan.Session, Served: served(plan, spec), Nodes: spec.Nodes,
			XLabel: spec.XLabel, YLabel: spec.YLabel,
		},
	}
	s.judgeModels()
	return s, nil
}

// served tells whether the engine serves in all runs of a figure.
func served(plan *result.Plan, spec *result.Figure) bool {
	return !slices.ContainsFunc(spec.Roles, func(role string) bool {
		return plan.Set(plan.Cell(spec.Cells[role]).Set).Start != result.Serve
	})
}

// judgeModels notes whether the figure's models are originals, stand-ins or mixed. In a
// mixed figure, the stand-ins are left out.
func (s *source) judgeModels() {
	originals := false
	for _, role := range s.spec.Roles {
		cell := s.results.Cell(s.spec.Cells[role])
		if cell == nil {
			continue
		}
		for _, c := range s.set(role).Configurations {
			if !s.concerns(c) {
				continue
			}
			for i := range cell.Runs {
				if run := &cell.Runs[i]; run.Configuration == c.ID && run.Counts() {
					s.data.StandIn = s.data.StandIn || run.StandIn
					originals = originals || !run.StandIn
				}
			}
		}
	}
	s.mixed = originals && s.data.StandIn
	s.data.StandIn = s.data.StandIn && !originals
}

// concerns reports whether a figure shows or uses a configuration.
func (s *source) concerns(c result.Configuration) bool {
	return len(s.spec.Models) == 0 || kinds[Kind(s.spec.Kind)].allModels || slices.Contains(s.spec.Models, c.Model)
}

// shown are the configurations of a side's set that the figure shows or uses.
func (s *source) shown(role string) (configurations []result.Configuration) {
	for _, c := range s.set(role).Configurations {
		if s.concerns(c) {
			configurations = append(configurations, c)
		}
	}
	return configurations
}

// missing notes a missing part, once.
func (s *source) missing(format string, args ...any) {
	sentence := fmt.Sprintf(format, args...)
	if !slices.Contains(s.data.Missing, sentence) {
		s.data.Missing = append(s.data.Missing, sentence)
	}
}

// set is the measurement set of a side.
func (s *source) set(role string) *result.Set {
	plan := &s.results.Plan
	return plan.Set(plan.Cell(s.spec.Cells[role]).Set)
}

// cell is the result of a side's job, or nil without runs. A failed or interrupted job
// is noted as missing.
func (s *source) cell(role string) *result.CellResult {
	id := s.spec.Cells[role]
	cell := s.results.Cell(id)
	switch {
	case cell == nil:
		s.missing("%s was not measured", id)
		return nil
	case cell.Error != "":
		s.missing("%s: %s", id, cell.Error)
		if len(cell.Runs) == 0 {
			return nil
		}
	}
	return cell
}

// runs are the phases of the counted runs of a side's configuration.
func (s *source) runs(role string, c result.Configuration) (runs []phase.Times) {
	for _, run := range s.counted(role, c) {
		runs = append(runs, run.Seconds)
	}
	return runs
}

// counted are the counted runs of a side's configuration. If there are fewer than planned,
// that is noted, unless the whole job is missing.
func (s *source) counted(role string, c result.Configuration) (runs []*result.Run) {
	cell := s.cell(role)
	if cell == nil {
		return nil
	}
	var failures []string
	for i := range cell.Runs {
		run := &cell.Runs[i]
		switch {
		case run.Configuration != c.ID || run.Iteration == 0:
		case run.Counts() && run.StandIn && s.mixed:
			const left = "iteration %d used a stand-in and is left out beside originals"
			failures = append(failures, fmt.Sprintf(left, run.Iteration))
		case run.Counts():
			runs = append(runs, run)
		default:
			failures = append(failures, fmt.Sprintf("iteration %d failed", run.Iteration))
		}
	}
	if want := s.set(role).CountedIterations(s.results.Plan.Iterations); len(runs) < want {
		why := strings.Join(slices.Compact(failures), ", ") // failed iterations are repeated
		if why != "" {
			why = " (" + why + ")"
		}
		s.missing("%s: %s has %s%s", s.spec.Cells[role], c.ID, table.Part(len(runs), want, "iteration"), why)
	}
	return runs
}

// values are a quantity's values in the counted runs of a configuration, in a figure with
// one side. Runs that lack it are noted.
func (s *source) values(c result.Configuration, q result.Quantity) (values []float64) {
	runs := s.counted("", c)
	for _, run := range runs {
		if seconds, known := q.Of(run); known {
			values = append(values, seconds)
		}
	}
	if lack := len(runs) - len(values); lack > 0 {
		s.missing("%s: %s of %s %s no %v", s.spec.Cells[""],
			table.Part(lack, len(runs), "run"), c.ID, table.Agree(lack, "has", "have"), q)
	}
	return values
}

// configurations are the configurations of a side's set that use the figure's models, in
// the order of the set.
func (s *source) configurations(role string) (configurations []result.Configuration) {
	for _, c := range s.set(role).Configurations {
		if slices.Contains(s.spec.Models, c.Model) {
			configurations = append(configurations, c)
		}
	}
	return configurations
}

// model is the plan's entry of a model; one with the key only if there is none.
func (s *source) model(key string) *result.Model {
	if m := s.results.Plan.Model(key); m != nil {
		return m
	}
	return &result.Model{Key: key, Label: key}
}

// point is the mean of values, which must not be empty.
func point(key, label string, values []float64) Point {
	sum := stat.Summarize(values)
	p := Point{Key: key, Label: label, Mean: sum.Mean, N: sum.N}
	if sum.N > 1 {
		p.StdErr = &sum.StdErr
	}
	return p
}
