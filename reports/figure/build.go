// Package figure works out what the paper's figures show: numbers and words, no
// geometry.
//
// The path of a measurement:
//
//	engine prints → measure keeps → phase reads → result holds
//	→ stat averages → figure has the numbers → chart lays out → pdf draws
//
// Each kind of figure has one file, which builds the Data from results and puts the
// numbers into words and tables. The definitions are the paper's.
package figure

import (
	"fmt"

	"coldstart/reports/result"
)

// Build makes the data of one figure of the results' plan. If measurements are missing,
// the figure is made from the others and says so. An error means that the plan is not
// consistent.
func Build(results *result.Results, spec *result.Figure) (*Data, error) {
	kind, known := kinds[Kind(spec.Kind)]
	switch {
	case !known:
		return nil, fmt.Errorf("figure %s: no figures of kind %q exist", spec.Number, spec.Kind)
	case kind.hasMetric && spec.Metric == "":
		return nil, fmt.Errorf("figure %s: a %s shows a metric, and the plan names none", spec.Number, spec.Kind)
	}
	s, err := newSource(results, spec)
	if err != nil {
		return nil, err
	}
	if err := kind.build(s); err != nil {
		return nil, fmt.Errorf("figure %s: %w", spec.Number, err)
	}
	for i := range s.data.Series {
		if points := &s.data.Series[i].Points; *points == nil {
			*points = []Point{} // an empty list in JSON, not null
		}
	}
	if s.data.StandIn {
		s.data.Title += " (stand-in with random weights)"
	}
	s.data.Complete = len(s.data.Missing) == 0
	return s.data, nil
}

// All makes the data of every figure of the results' plan, in its order.
func All(results *result.Results) (figures []*Data, err error) {
	for i := range results.Plan.Figures {
		data, err := Build(results, &results.Plan.Figures[i])
		if err != nil {
			return nil, err
		}
		figures = append(figures, data)
	}
	return figures, nil
}
