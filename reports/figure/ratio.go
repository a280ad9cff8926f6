package figure

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// buildRatio gives a bar a step: the mean over models of the second role's
// average ÷ the first's. Only models that both roles have count.
func buildRatio(s *source) error {
	if len(s.spec.Roles) != 2 {
		return fmt.Errorf("a ratio compares two roles, not %q", s.spec.Roles)
	}
	first, second := s.averages(s.spec.Roles[0]), s.averages(s.spec.Roles[1])
	series := Series{}
	for _, step := range s.spec.Steps {
		p, err := phase.Parse(step.Phase)
		if err != nil {
			return err
		}
		ratios := stepRatios(s.set(s.spec.Roles[0]), first, second, p)
		if len(ratios) == 0 {
			if len(first) > 0 && len(second) > 0 {
				s.data.NotLogged = append(s.data.NotLogged, step.Label)
			}
			continue
		}
		bar := point(step.Phase, step.Label, ratios)
		bar.Total = p == phase.ActualTotalTime
		series.Points = append(series.Points, bar)
	}
	s.data.Series = []Series{series}
	return nil
}

// averages are those of a role's configurations, by configuration. One without
// counted runs is absent.
func (s *source) averages(role string) map[string]phase.Times {
	averages := map[string]phase.Times{}
	for _, c := range s.set(role).Configurations {
		if runs := s.runs(role, c); len(runs) > 0 {
			averages[c.ID] = stat.Average(runs)
		}
	}
	return averages
}

// stepRatios are second ÷ first of one phase, in the set's order.
func stepRatios(set *result.Set, first, second map[string]phase.Times, p phase.Phase) (ratios []float64) {
	for _, c := range set.Configurations {
		a, b := first[c.ID], second[c.ID]
		dividend, ok1 := b.Get(p)
		divisor, ok2 := a.Get(p)
		if ok1 && ok2 && divisor > 0 {
			ratios = append(ratios, dividend/divisor)
		}
	}
	return ratios
}
