package figure

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// buildStack gives the steps of one configuration's start-up, from its average, and
// the rest of it, where the runs tell how long the whole took.
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
	if startUps := stat.Values(runs, phase.ActualTotalTime); len(startUps) > 0 {
		series.Points = append(series.Points, restOf(startUps, series.Points))
	}
	s.data.Series = []Series{series}
	return nil
}

// restOf is the mean of start-ups, each from its log's first stamped line to the
// last, less the steps. Steps that overlap in time may leave less than nothing.
func restOf(startUps []float64, steps []Point) Point {
	rest := point("rest", "In No Step", startUps)
	for _, step := range steps {
		rest.Mean -= step.Mean
	}
	rest.StdErr, rest.Rest = nil, true
	return rest
}

// StackSums are what the segments of a stack come to, in seconds.
type StackSums struct {
	Steps    float64 // all steps
	CPU, GPU float64 // the steps that the CPU, or a GPU, dominates
	Rest     float64 // StartUp less Steps; negative where steps overlap by more than what is in none
	StartUp  float64 // first stamped line to the last; 0 where the runs do not tell
}

// Stack sums up a stack. It is false for a figure of another kind, and for a stack
// without segments.
func (d *Data) Stack() (s StackSums, ok bool) {
	if d.Kind != Stack {
		return s, false
	}
	whole := false
	for _, p := range d.points() {
		ok = true
		if p.Rest {
			s.Rest, whole = p.Mean, true
			continue
		}
		s.Steps += p.Mean
		switch p.Resource {
		case "CPU":
			s.CPU += p.Mean
		case "GPU":
			s.GPU += p.Mean
		}
	}
	if whole {
		s.StartUp = s.Steps + s.Rest
	}
	return s, ok
}
