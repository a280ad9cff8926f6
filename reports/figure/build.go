// Package figure works out what the paper's figures show: numbers and words, no
// geometry.
//
// It stands where averages become pictures:
//
//	engine prints → measure keeps → phase reads → result holds → stat averages → figure has the numbers → chart lays out → pdf draws
//
// Each kind of figure has a file of its own, with all that this package knows of it: how
// results become Data, and how the numbers are put into words and tables. The definitions
// are the paper's.
package figure

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Build gives the data of one figure of the results' plan. A figure of which
// something is missing is made from what there is, and says so. The error is of
// a plan that makes no sense.
func Build(results *result.Results, spec *result.Figure) (*Data, error) {
	kind, known := kinds[Kind(spec.Kind)]
	switch {
	case !known:
		return nil, fmt.Errorf("figure %s: no figures of kind %q exist", spec.Number, spec.Kind)
	case kind.hasMetric && spec.Metric == phase.None:
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
			*points = []Point{} // JSON has a list there, be it an empty one
		}
	}
	if s.data.StandIn {
		s.data.Title += " (stand-in with random weights)"
	}
	s.data.Complete = len(s.data.Missing) == 0
	return s.data, nil
}

// All gives the data of every figure of the results' plan, in its order.
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
