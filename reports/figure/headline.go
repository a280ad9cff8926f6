package figure

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Headline says in a few words what a figure shows. It is empty for a figure
// with nothing to draw.
func (d *Data) Headline() string {
	if d.Empty() {
		return ""
	}
	switch d.Kind {
	case Trend:
		return d.rangeWords() + d.fitWords()
	case Ratio:
		return d.ratioWords()
	case Stack:
		return d.stackWords()
	case Bars:
		return d.barsWords()
	case Groups:
		return d.rangeWords()
	case Heatmap:
		return d.Heatmap.words()
	case Prediction:
		return d.predictionWords()
	}
	return ""
}

// points are those of all series.
func (d *Data) points() (all []Point) {
	for _, s := range d.Series {
		all = append(all, s.Points...)
	}
	return all
}

func (d *Data) extremes() (least, most Point) {
	byMean := func(a, b Point) int {
		switch {
		case a.Mean < b.Mean:
			return -1
		case a.Mean > b.Mean:
			return 1
		}
		return 0
	}
	all := d.points()
	return slices.MinFunc(all, byMean), slices.MaxFunc(all, byMean)
}

func (d *Data) rangeWords() string {
	least, most := d.extremes()
	switch {
	case len(d.points()) == 1:
		return fmt.Sprintf("%.2f s (%s)", most.Mean, oneLine(most.Label))
	case least.Mean == most.Mean:
		return fmt.Sprintf("%.2f s, all alike", most.Mean)
	}
	return fmt.Sprintf("%.2f s (%s) to %.2f s (%s)", least.Mean, oneLine(least.Label), most.Mean, oneLine(most.Label))
}

func (d *Data) fitWords() string {
	if d.Fit == nil {
		return ""
	}
	return fmt.Sprintf(", r = %.2f", d.Fit.Pearson)
}

// ratioWords name the total and the step that differs most.
func (d *Data) ratioWords() string {
	var words []string
	var widest *Point
	for i, p := range d.points() {
		switch {
		case p.Total:
			words = append(words, fmt.Sprintf("total ×%.2f", p.Mean))
		case widest == nil || math.Abs(math.Log(p.Mean)) > math.Abs(math.Log(widest.Mean)):
			widest = &d.Series[0].Points[i]
		}
	}
	if widest != nil {
		words = append(words, fmt.Sprintf("most in %s, ×%.2f", widest.Label, widest.Mean))
	}
	return strings.Join(words, ", ")
}

// stackWords tell the start-up and its steps apart: shares of the CPU are of the
// steps, and that of the rest is of the start-up.
func (d *Data) stackWords() string {
	sums, _ := d.Stack()
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

func (d *Data) barsWords() string {
	all := d.points()
	_, most := d.extremes()
	last := all[len(all)-1]
	return fmt.Sprintf("at most %.2f s (%s), last %.2f s (%s)", most.Mean, most.Key, last.Mean, last.Key)
}

func (s *Samples) words() string {
	busy, ok := s.BusyCores()
	if !ok {
		return ""
	}
	longest := 0
	for _, core := range s.Cores {
		longest = max(longest, len(core))
	}
	return fmt.Sprintf("%d cores over %.1f s, %.1f cores busy on average", len(s.Cores), float64(longest)*s.Interval, busy)
}

func oneLine(label string) string { return strings.ReplaceAll(label, "\n", ", ") }

// Place names the nodes that a figure was measured on: "n1", or "gpu0 n1, gpu1
// n2" for a figure with roles.
func (d *Data) Place() string {
	if node, ok := d.Nodes[""]; ok {
		return node
	}
	var sides []string
	for _, role := range slices.Sorted(maps.Keys(d.Nodes)) {
		sides = append(sides, role+" "+d.Nodes[role])
	}
	return strings.Join(sides, ", ")
}
