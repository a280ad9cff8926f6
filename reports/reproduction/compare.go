package reproduction

import (
	"fmt"
	"math"

	"coldstart/reports/figure"
	"coldstart/reports/table"
)

// Interval bounds a value with 95 % confidence.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Comparison is a quantity of a figure, here and in the paper.
type Comparison struct {
	Quantity string    `json:"quantity"` // such as "sum of the steps"
	Unit     string    `json:"unit"`     // "s", "×" or "cores"
	Paper    float64   `json:"paper"`
	Here     float64   `json:"here"`
	Ratio    float64   `json:"ratio"`              // Here ÷ Paper
	Interval *Interval `json:"interval,omitempty"` // of Ratio; nil if the noise is unknown
	Blind    string    `json:"blind,omitempty"`    // why the noise is unknown
	Points   int       `json:"points,omitempty"`   // number of points in both; 0 for a figure without points
	Models   int       `json:"models,omitempty"`   // of a ratio: number of models, the smaller of both
}

// The smallest differences that are reported, as shares: if the noise is known, and if it
// is not.
const (
	Smallest      = 0.01
	smallestBlind = 0.10
)

// Moved reports that the difference is larger than the noise and than the smallest
// reported difference.
func (c *Comparison) Moved() bool {
	size := math.Abs(c.Ratio - 1)
	if c.Interval == nil {
		return size >= smallestBlind
	}
	return (c.Interval.Low > 1 || c.Interval.High < 1) && size >= Smallest
}

// Distance is the ratio or its inverse, whichever is larger.
func (c *Comparison) Distance() float64 { return max(c.Ratio, 1/c.Ratio) }

// String is the ratio: "×1.05".
func (c *Comparison) String() string { return fmt.Sprintf("×%.2f", c.Ratio) }

// Certainty is the interval of the ratio, or why there is none.
func (c *Comparison) Certainty() string {
	words := "noise unknown: " + c.Blind
	if c.Interval != nil {
		words = fmt.Sprintf("%.2f to %.2f", c.Interval.Low, c.Interval.High)
	}
	if c.Points == 0 {
		return words
	}
	return words + ", " + table.Count(c.Points, "point")
}

// singleValues says why points without a standard error have no interval.
const singleValues = "single values"

// Compare compares the points that a figure and the paper's share. It is false if there
// are none.
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

// geometricMeans are the geometric means of the dividends and of the divisors.
func geometricMeans(pairs []figure.Pair) (dividends, divisors float64) {
	for _, p := range pairs {
		dividends += math.Log(p.Dividend.Mean)
		divisors += math.Log(p.Divisor.Mean)
	}
	n := float64(len(pairs))
	return math.Exp(dividends / n), math.Exp(divisors / n)
}

// ratioOf is the geometric mean of the pairs' quotients, with its interval if the noise of any
// dividend and of any divisor is known.
func ratioOf(pairs []figure.Pair) (ratio float64, interval *Interval) {
	dividends, divisors := geometricMeans(pairs)
	var above, below noise
	for _, p := range pairs {
		above.add(p.Dividend)
		below.add(p.Divisor)
	}
	ratio = dividends / divisors
	half, known := half(&above, &below)
	if !known {
		return ratio, nil
	}
	return ratio, around(ratio, half/float64(len(pairs)))
}

// around is the interval of a value whose logarithm has ± half.
func around(value, half float64) *Interval {
	return &Interval{Low: value * math.Exp(-half), High: value * math.Exp(half)}
}
