package figure

import (
	"cmp"
	"fmt"
	"strings"

	"coldstart/reports/result"
)

// Groups has bars grouped by model, one series per value of an engine argument.
const Groups Kind = "groups"

func init() {
	kinds[Groups] = kind{
		build:     buildGroups,
		headline:  (*Data).rangeWords,
		caption:   groupsCaption,
		numbers:   rowPerPoint("Model"),
		common:    commonPoints,
		unit:      "s",
		hasMetric: true,
	}
}

// loadFormat is the engine argument whose values are the series unless the figure names
// another one.
const loadFormat = "load-format"

// buildGroups makes one series per value with one bar per model: the mean of the metric
// over the runs.
func buildGroups(s *source) error {
	by := cmp.Or(s.spec.By, loadFormat)
	for _, value := range s.spec.Series {
		series := Series{Name: strings.TrimSpace(s.spec.By + " " + value)}
		for _, model := range s.spec.Models {
			c, ok := withArgument(s.set(""), model, by, value)
			if !ok {
				continue
			}
			if values := s.values(c, s.spec.Metric); len(values) > 0 {
				series.Points = append(series.Points, point(model, s.model(model).Label, values))
			}
		}
		s.data.Series = append(s.data.Series, series)
	}
	return nil
}

func withArgument(set *result.Set, model, name, value string) (c result.Configuration, ok bool) {
	for _, c := range set.Configurations {
		if c.Model == model && argument(&c, name) == value {
			return c, true
		}
	}
	return result.Configuration{}, false
}

func groupsCaption(d *Data) string { return fmt.Sprintf("Each bar is the %s.", d.meanOver("runs")) }
