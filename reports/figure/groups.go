package figure

import "coldstart/reports/result"

// loadFormat is the engine argument whose values are the series of a figure of
// kind groups.
const loadFormat = "load-format"

// buildGroups gives a series a loader with a bar a model: the mean of the runs'
// own values of the metric.
func buildGroups(s *source) error {
	metric, err := s.metric()
	if err != nil {
		return err
	}
	for _, format := range s.spec.Series {
		series := Series{Name: format}
		for _, model := range s.spec.Models {
			c, ok := withLoadFormat(s.set(""), model, format)
			if !ok {
				continue
			}
			if values := s.values(c, metric); len(values) > 0 {
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
