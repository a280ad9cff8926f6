package reproduction

import (
	"fmt"
	"math"
	"slices"

	"coldstart/reports/figure"
	"coldstart/reports/stat"
)

// Interval bounds a value with 95 % confidence.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Comparison is one quantity of a figure, here and in the paper.
type Comparison struct {
	Quantity string    `json:"quantity"` // such as "sum of the steps"
	Unit     string    `json:"unit"`     // "s", "×" or "cores"
	Paper    float64   `json:"paper"`
	Here     float64   `json:"here"`
	Ratio    float64   `json:"ratio"`              // Here ÷ Paper
	Interval *Interval `json:"interval,omitempty"` // of Ratio; nil where the noise is not known
	Blind    string    `json:"blind,omitempty"`    // why the noise is not known
	Points   int       `json:"points,omitempty"`   // that both have; 0 for a figure without points
	Models   int       `json:"models,omitempty"`   // behind a ratio, the fewer of both
}

// The least changes that are worth a reader's time, as shares: where the noise is
// known and where it is not.
const (
	Smallest      = 0.01
	smallestBlind = 0.10
)

// Moved tells that the difference is neither noise nor too small to matter.
func (c *Comparison) Moved() bool {
	size := math.Abs(c.Ratio - 1)
	if c.Interval == nil {
		return size >= smallestBlind
	}
	return (c.Interval.Low > 1 || c.Interval.High < 1) && size >= Smallest
}

// Distance is how far the ratio is from 1, up or down alike.
func (c *Comparison) Distance() float64 { return max(c.Ratio, 1/c.Ratio) }

// String is the ratio: "×1.05".
func (c *Comparison) String() string { return fmt.Sprintf("×%.2f", c.Ratio) }

// Certainty says how much is known of the ratio.
func (c *Comparison) Certainty() string {
	words := "noise unknown: " + c.Blind
	if c.Interval != nil {
		words = fmt.Sprintf("%.2f to %.2f", c.Interval.Low, c.Interval.High)
	}
	if c.Points == 0 {
		return words
	}
	return words + ", " + count(c.Points, "point")
}

// Why there is no interval.
const (
	singleValues = "single values"
	sameModels   = "errors over the same models, of which no run repeats"
	singleRun    = "a single run"
)

// Compare compares a figure with the paper's, by the points that both have. It is
// false where they have none in common.
func Compare(d, paper *figure.Data) (Comparison, bool) {
	switch {
	case paper == nil:
		return Comparison{}, false
	case d.Kind == figure.Heatmap:
		return compareCores(d, paper)
	case d.Kind == figure.Prediction:
		return comparePredictions(d, paper)
	}
	pairs := pairsOf(d.Series, paper)
	if len(pairs) == 0 {
		return Comparison{}, false
	}
	c := Comparison{Quantity: "geometric mean", Unit: "s", Points: len(pairs)}
	switch d.Kind {
	case figure.Stack:
		c.Quantity, pairs = "sum of the steps", []pair{sum(pairs)}
	case figure.Ratio:
		c.Quantity, pairs = totals(pairs)
		c.Unit, c.Models = "×", min(pairs[0].dividend.N, pairs[0].divisor.N)
	}
	c.Here, c.Paper = geometricMeans(pairs)
	c.Ratio, c.Interval = ratioOf(pairs)
	if c.Interval == nil {
		c.Blind = singleValues
	}
	return c, true
}

// compareCores compares how many cores were busy.
func compareCores(d, paper *figure.Data) (Comparison, bool) {
	here, ok1 := d.Heatmap.BusyCores()
	there, ok2 := paper.Heatmap.BusyCores()
	if !ok1 || !ok2 || there == 0 {
		return Comparison{}, false
	}
	c := Comparison{Quantity: "busy cores", Unit: "cores", Here: here, Paper: there, Blind: singleRun}
	c.Ratio = here / there
	return c, true
}

// comparePredictions compares how far predictions are off, of the models that both
// predict.
func comparePredictions(d, paper *figure.Data) (Comparison, bool) {
	here, there := d.Guesses(), paper.Guesses()
	here, there = commonGuesses(here, there), commonGuesses(there, here)
	if len(here) == 0 {
		return Comparison{}, false
	}
	c := Comparison{Quantity: "RMSE", Unit: "s", Here: rmse(here), Paper: rmse(there), Blind: sameModels}
	c.Points = len(here)
	c.Ratio = c.Here / c.Paper
	return c, c.Paper > 0
}

// commonGuesses are those of the models that others are of as well.
func commonGuesses(guesses, others []figure.Guess) (common []figure.Guess) {
	for _, g := range guesses {
		if slices.ContainsFunc(others, func(o figure.Guess) bool { return o.Model == g.Model }) {
			common = append(common, g)
		}
	}
	return common
}

func rmse(guesses []figure.Guess) float64 {
	var predicted, truth []float64
	for _, g := range guesses {
		predicted, truth = append(predicted, g.Predicted), append(truth, g.Truth)
	}
	return stat.RMSE(predicted, truth)
}

// pair is a point and the one to divide it by.
type pair struct{ dividend, divisor figure.Point }

// pairsOf are the points of series that another figure has as well, and of which a
// ratio can be told. The rest of a stack is no step, and depends on which steps a log
// tells of.
func pairsOf(series []figure.Series, other *figure.Data) (pairs []pair) {
	for _, s := range series {
		for _, p := range s.Points {
			if q, ok := other.Point(s.Name, p.Key); ok && !p.Rest && p.Mean > 0 && q.Mean > 0 {
				pairs = append(pairs, pair{p, q})
			}
		}
	}
	return pairs
}

// totals are the pairs of totals where there are any: what the steps come to.
func totals(pairs []pair) (quantity string, totals []pair) {
	for _, p := range pairs {
		if p.dividend.Total {
			totals = append(totals, p)
		}
	}
	if len(totals) == 0 {
		return "geometric mean", pairs
	}
	return "total", totals
}

// sum adds steps up: a step of a hundredth of the start-up counts for as much.
func sum(pairs []pair) (total pair) {
	total = pairs[0]
	for _, p := range pairs[1:] {
		total = pair{add(total.dividend, p.dividend), add(total.divisor, p.divisor)}
	}
	return total
}

// add adds two means, whose errors are taken for independent.
func add(a, b figure.Point) figure.Point {
	total := figure.Point{Mean: a.Mean + b.Mean, N: min(a.N, b.N)}
	if a.StdErr != nil && b.StdErr != nil {
		err := math.Hypot(*a.StdErr, *b.StdErr)
		total.StdErr = &err
	}
	return total
}

// geometricMeans are those of the dividends and of the divisors.
func geometricMeans(pairs []pair) (dividends, divisors float64) {
	for _, p := range pairs {
		dividends += math.Log(p.dividend.Mean)
		divisors += math.Log(p.divisor.Mean)
	}
	n := float64(len(pairs))
	return math.Exp(dividends / n), math.Exp(divisors / n)
}

// ratioOf is the geometric mean of the pairs' quotients, with its interval where the
// noise of any point is known.
func ratioOf(pairs []pair) (ratio float64, interval *Interval) {
	dividends, divisors := geometricMeans(pairs)
	noise := noise{}
	for _, p := range pairs {
		noise.add(p.dividend)
		noise.add(p.divisor)
	}
	ratio = dividends / divisors
	half, known := noise.half()
	if !known {
		return ratio, nil
	}
	return ratio, around(ratio, half/float64(len(pairs)))
}

// around is the interval that reaches half to either side of a value's logarithm.
func around(value, half float64) *Interval {
	return &Interval{Low: value * math.Exp(-half), High: value * math.Exp(half)}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
