package reproduction

import (
	"slices"

	"coldstart/reports/figure"
	"coldstart/reports/result"
)

// ofCommonModels builds a ratio's figure again, here and in the paper, from the
// configurations that both have on both sides: a mean over models depends on the models.
func (r *reproducer) ofCommonModels(i int) (here, paper *figure.Data, err error) {
	ours := &r.here.Plan.Figures[i]
	theirs := r.paperSpec(ours.Number)
	both := map[string]bool{}
	for id := range measured(r.here, ours) {
		both[id] = measured(r.paper, theirs)[id]
	}
	if here, err = figure.Build(only(r.here, both), ours); err != nil {
		return nil, nil, err
	}
	paper, err = figure.Build(only(r.paper, both), theirs)
	return here, paper, err
}

func (r *reproducer) paperSpec(number string) *result.Figure {
	i := slices.IndexFunc(r.paper.Plan.Figures, func(f result.Figure) bool { return f.Number == number })
	return &r.paper.Plan.Figures[i]
}

// measured are the configurations with counted runs on all sides of a figure.
func measured(results *result.Results, spec *result.Figure) map[string]bool {
	roles := map[string]int{}
	for _, role := range spec.Roles {
		cell := results.Cell(spec.Cells[role])
		set := results.Plan.Set(results.Plan.Cell(spec.Cells[role]).Set)
		for _, c := range set.Configurations {
			if cell != nil && len(cell.Counted(c.ID)) > 0 {
				roles[c.ID]++
			}
		}
	}
	all := map[string]bool{}
	for id, n := range roles {
		all[id] = n == len(spec.Roles)
	}
	return all
}

// only are the results with some of the configurations.
func only(results *result.Results, ids map[string]bool) *result.Results {
	some := *results
	some.Plan.Sets = slices.Clone(results.Plan.Sets)
	for i := range some.Plan.Sets {
		set := &some.Plan.Sets[i]
		missing := func(c result.Configuration) bool { return !ids[c.ID] }
		set.Configurations = slices.DeleteFunc(slices.Clone(set.Configurations), missing)
	}
	return &some
}
