package figure

import (
	"fmt"

	"coldstart/reports/result"
)

// Groups has bars grouped by model, one series per loader.
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

// loadFormat is the engine argument whose values are the series.
const loadFormat = "load-format"

// buildGroups makes one series per loader with one bar per model: the mean of the
// metric over the runs.
func buildGroups(s *source) error {
	for _, format := range s.spec.Series {
		series := Series{Name: format}
		for _, model := range s.spec.Models {
			c, ok := withLoadFormat(s.set(""), model, format)
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

func withLoadFormat(set *result.Set, model, format string) (c result.Configuration, ok bool) {
	for _, c := range set.Configurations {
		for _, arg := range c.Args {
			if c.Model == model && arg.Name == loadFormat && arg.Value == format {
				return c, true
			}
		}
	}
	return result.Configuration{}, false
}

func groupsCaption(d *Data) string { return fmt.Sprintf("Each bar is the %s.", d.meanOver("runs")) }
