package figure

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// buildStack gives the steps of one configuration's start-up, from its average.
func buildStack(s *source) error {
	set := s.set("")
	if len(set.Configurations) != 1 {
		return fmt.Errorf("a stack shows one configuration; set %s has %d", set.Name, len(set.Configurations))
	}
	runs := s.runs("", set.Configurations[0])
	if len(runs) == 0 {
		return nil
	}
	average := stat.Average(runs)
	series := Series{}
	for _, step := range s.spec.Steps {
		p, err := phase.Parse(step.Phase)
		if err != nil {
			return err
		}
		seconds, ok := average.Get(p)
		if !ok {
			s.data.NotLogged = append(s.data.NotLogged, step.Label)
			continue
		}
		segment := point(step.Phase, step.Label, stat.Values(runs, p))
		segment.Mean = seconds
		segment.Resource = step.Resource
		series.Points = append(series.Points, segment)
	}
	s.data.Series = []Series{series}
	return nil
}
