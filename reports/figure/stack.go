package figure

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// buildStack gives the steps of one configuration's start-up, from its average, and
// what is in none of them where that is much.
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
	if rest := restOf(runs, series.Points); rest.Mean > muchRest*(rest.Mean+sumOf(series.Points)) {
		series.Points = append(series.Points, rest)
	}
	s.data.Series = []Series{series}
	return nil
}

// muchRest is the share of a start-up from which on what is in none of its steps is
// shown. Of the paper's own it is a twentieth; a release that logs fewer steps, or
// starts its processes anew, would else seem to start sooner than it does.
const muchRest = 0.1

// restOf is what of the whole start-up, from its log's first stamped line to the
// last, is in none of the steps: nothing above zero where no run tells how long the
// whole took.
func restOf(runs []phase.Times, steps []Point) Point {
	rest := point("rest", "In No Step", stat.Values(runs, phase.ActualTotalTime))
	rest.Mean, rest.StdErr, rest.Rest = rest.Mean-sumOf(steps), nil, true
	return rest
}

func sumOf(points []Point) (sum float64) {
	for _, p := range points {
		sum += p.Mean
	}
	return sum
}
