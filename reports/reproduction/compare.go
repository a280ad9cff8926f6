package reproduction

import (
	"fmt"
	"math"

	"coldstart/reports/figure"
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

// singleValues says why there is no interval of points without an error.
const singleValues = "single values"

// Compare compares a figure with the paper's, by what both have. It is false where they
// have nothing in common.
func Compare(d, paper *figure.Data) (Comparison, bool) {
	if paper == nil {
		return Comparison{}, false
	}
	common, ok := d.Common(paper)
	if !ok {
		return Comparison{}, false
	}
	c := Comparison{Quantity: common.Quantity, Unit: common.Unit, Points: common.Points, Models: common.Models}
	if len(common.Pairs) == 0 {
		c.Here, c.Paper, c.Blind = common.Here, common.There, common.Blind
		c.Ratio = c.Here / c.Paper
		return c, true
	}
	c.Here, c.Paper = geometricMeans(common.Pairs)
	c.Ratio, c.Interval = ratioOf(common.Pairs)
	if c.Interval == nil {
		c.Blind = singleValues
	}
	return c, true
}

// geometricMeans are those of the dividends and of the divisors.
func geometricMeans(pairs []figure.Pair) (dividends, divisors float64) {
	for _, p := range pairs {
		dividends += math.Log(p.Dividend.Mean)
		divisors += math.Log(p.Divisor.Mean)
	}
	n := float64(len(pairs))
	return math.Exp(dividends / n), math.Exp(divisors / n)
}

// ratioOf is the geometric mean of the pairs' quotients, with its interval where the
// noise of any point is known.
func ratioOf(pairs []figure.Pair) (ratio float64, interval *Interval) {
	dividends, divisors := geometricMeans(pairs)
	noise := noise{}
	for _, p := range pairs {
		noise.add(p.Dividend)
		noise.add(p.Divisor)
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
