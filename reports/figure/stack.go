package figure

import (
	"fmt"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// Stack has one bar, made of the steps of a start-up.
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

// buildStack makes the steps of one configuration's average start-up, and the rest if the
// runs log the whole start-up.
func buildStack(s *source) error {
	shown := s.shown("")
	if len(shown) != 1 {
		return fmt.Errorf("a stack shows one configuration; set %s has %d", s.set("").Name, len(shown))
	}
	runs := s.runs("", shown[0])
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

// restOf is the mean of start-ups minus the steps. It is negative if steps overlap in
// time by more than that.
func restOf(startUps []float64, steps []Point) Point {
	rest := point("rest", "In No Step", startUps)
	for _, step := range steps {
		rest.Mean -= step.Mean
	}
	rest.StdErr, rest.Rest = nil, true
	return rest
}

// StackSums are sums over the segments of a stack, in seconds.
type StackSums struct {
	Steps    float64 // all steps
	CPU, GPU float64 // the steps that the CPU, or a GPU, dominates
	Rest     float64 // StartUp − Steps; negative if steps overlap by more than the time in no step
	StartUp  float64 // first line with a time stamp to the last; 0 if no run logs it
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

// stackHeadline states the CPU's share of the steps and the rest's share of the start-up.
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
	return "Each segment is a step of one start-up, averaged over the iterations. The steps run from the bottom up. " +
		"The CPU dominates hatched steps." + d.sumWords()
}

// sumWords state the sum of the steps, the start-up, and the difference.
func (d *Data) sumWords() string {
	sums := d.Stack()
	words := fmt.Sprintf(" Sum of the steps: %s s.", significant(sums.Steps))
	if sums.StartUp == 0 {
		return words + " The logs do not say how long the whole start-up took."
	}
	words += fmt.Sprintf(" Start-up, from the first line with a time stamp to the last: %s s", significant(sums.StartUp))
	if sums.Rest < 0 {
		return words + ", which is less, because steps overlap."
	}
	return words + fmt.Sprintf(". The dotted grey segment, %s s, belongs to no step.", significant(sums.Rest))
}

// commonSteps compares the sum of the steps that both figures have.
func commonSteps(d, other *Data) (Common, bool) {
	c, ok := commonPoints(d, other)
	if ok {
		c.Quantity, c.Pairs = "sum of the steps", []Pair{sumOf(c.Pairs)}
	}
	return c, ok
}
