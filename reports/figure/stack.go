package figure

import (
	"fmt"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// Stack is one bar made of its steps.
const Stack Kind = "stack"

func init() {
	kinds[Stack] = kind{
		build:    buildStack,
		headline: stackHeadline,
		caption:  stackCaption,
		numbers:  rowPerPoint("Step"),
		common:   commonSteps,
		unit:     "s",
	}
}

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
		seconds, ok := average.Get(step.Phase)
		if !ok {
			s.data.NotLogged = append(s.data.NotLogged, step.Label)
			continue
		}
		segment := point(step.Phase.String(), step.Label, stat.Values(runs, step.Phase))
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

// Stack sums up a stack.
func (d *Data) Stack() (s StackSums) {
	whole := false
	for _, p := range d.Points() {
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
	return s
}

// stackHeadline tells the start-up and its steps apart: shares of the CPU are of the
// steps, and that of the rest is of the start-up.
func stackHeadline(d *Data) string {
	sums := d.Stack()
	var words []string
	if sums.StartUp > 0 {
		words = append(words, fmt.Sprintf("%.2f s start-up", sums.StartUp))
	}
	steps := fmt.Sprintf("steps %.2f s", sums.Steps)
	if sums.Steps > 0 {
		steps += fmt.Sprintf(", %.0f %% of them CPU-dominant", 100*sums.CPU/sums.Steps)
	}
	words = append(words, steps)
	switch {
	case sums.StartUp > 0 && sums.Rest < 0:
		words = append(words, fmt.Sprintf("steps overlap by %.2f s", -sums.Rest))
	case sums.StartUp > 0:
		words = append(words, fmt.Sprintf("%.0f %% in no step", 100*sums.Rest/sums.StartUp))
	}
	if n := len(d.NotLogged); n > 0 {
		words = append(words, fmt.Sprintf("steps not logged: %d", n))
	}
	return strings.Join(words, "; ")
}

func stackCaption(d *Data) string {
	return "Each segment is a step of one start-up, averaged over the iterations, in the order in which the steps run " +
		"from the bottom up. Hatched segments are dominated by the CPU." + d.sumWords()
}

// sumWords are the sum of the steps and the start-up, and what lies between them.
func (d *Data) sumWords() string {
	sums := d.Stack()
	words := fmt.Sprintf(" Sum of the steps: %s s.", significant(sums.Steps))
	if sums.StartUp == 0 {
		return words + " The logs do not tell how long the whole start-up took."
	}
	words += fmt.Sprintf(" Start-up, from the log's first stamped line to its last: %s s", significant(sums.StartUp))
	if sums.Rest < 0 {
		return words + ", less than the steps, some of which overlap."
	}
	return words + fmt.Sprintf(". The dotted grey segment, %s s, is in none of the steps.", significant(sums.Rest))
}

// commonSteps compares the sums of the steps that both figures have.
func commonSteps(d, other *Data) (Common, bool) {
	c, ok := commonPoints(d, other)
	if ok {
		c.Quantity, c.Pairs = "sum of the steps", []Pair{sumOf(c.Pairs)}
	}
	return c, ok
}
