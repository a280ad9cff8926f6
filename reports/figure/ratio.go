package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// Ratio has one bar per step: the second side divided by the first.
const Ratio Kind = "ratio"

func init() {
	kinds[Ratio] = kind{
		build:      buildRatio,
		headline:   ratioHeadline,
		caption:    ratioCaption,
		numbers:    rowPerPoint("Step"),
		common:     commonTotals,
		unit:       "ratio",
		overModels: true,
	}
}

// buildRatio makes one bar per step: the mean over models of the second side's average
// ÷ the first's, over the models that both sides have.
func buildRatio(s *source) error {
	if len(s.spec.Roles) != 2 {
		return fmt.Errorf("a ratio compares two sides, not %q", s.spec.Roles)
	}
	first, second := s.averages(s.spec.Roles[0]), s.averages(s.spec.Roles[1])
	series := Series{}
	for _, step := range s.spec.Steps {
		ratios := stepRatios(s.set(s.spec.Roles[0]), first, second, step.Phase)
		if len(ratios) == 0 {
			if len(first) > 0 && len(second) > 0 {
				s.data.NotLogged = append(s.data.NotLogged, step.Label)
			}
			continue
		}
		bar := point(step.Phase.String(), step.Label, ratios)
		bar.Total = step.Phase.IsWhole()
		series.Points = append(series.Points, bar)
	}
	s.data.Series = []Series{series}
	return nil
}

// averages are a side's averages by configuration. A configuration without counted
// runs is absent.
func (s *source) averages(role string) map[string]phase.Times {
	averages := map[string]phase.Times{}
	for _, c := range s.shown(role) {
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

// ratioHeadline names the total and the step that differs most.
func ratioHeadline(d *Data) string {
	var words []string
	var widest *Point
	for i, p := range d.Points() {
		switch {
		case p.Total:
			words = append(words, fmt.Sprintf("total ×%.2f", p.Mean))
		case widest == nil || math.Abs(math.Log(p.Mean)) > math.Abs(math.Log(widest.Mean)):
			widest = &d.Series[0].Points[i]
		}
	}
	if widest != nil {
		words = append(words, fmt.Sprintf("most in %s, ×%.2f", widest.Label, widest.Mean))
	}
	return strings.Join(words, ", ")
}

func ratioCaption(d *Data) string {
	return fmt.Sprintf("Each bar is a step's time on the second side divided by its time on the first: the %s. "+
		"Below the dashed line, the second side is faster. The total is grey.",
		d.meanOver("models that both sides have"))
}

// commonTotals compares the totals or, without totals, the steps.
func commonTotals(d, other *Data) (Common, bool) {
	c, ok := commonPoints(d, other)
	if !ok {
		return c, false
	}
	isStep := func(p Pair) bool { return !p.Dividend.Total }
	if totals := slices.DeleteFunc(slices.Clone(c.Pairs), isStep); len(totals) > 0 {
		c.Quantity, c.Pairs = "total", totals
	}
	c.Unit, c.Models = "×", min(c.Pairs[0].Dividend.N, c.Pairs[0].Divisor.N)
	return c, true
}
