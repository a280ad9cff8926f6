package figure

import (
	"math"
)

// Common is a quantity of what two figures of one kind have in common.
type Common struct {
	Quantity string // such as "sum of the steps"
	Unit     string // "s", "×" or "cores"
	Pairs    []Pair // whose geometric means are the quantity; none where Here and There are it
	Points   int    // that both figures have; 0 for a figure without points
	Models   int    // that a mean over models is of, the fewer of both; 0 for any other quantity

	Here, There float64
	Blind       string // why the noise of Here and There is not known
}

// A Pair is a point and the one to divide it by.
type Pair struct{ Dividend, Divisor Point }

// Pairs are the points that another figure has as well, and of which a ratio can be told.
// The rest of a stack is no step, and depends on which steps a log tells of.
func (d *Data) Pairs(other *Data) (pairs []Pair) {
	for _, s := range d.Series {
		for _, p := range s.Points {
			if q, ok := other.Point(s.Name, p.Key); ok && !p.Rest && p.Mean > 0 && q.Mean > 0 {
				pairs = append(pairs, Pair{p, q})
			}
		}
	}
	return pairs
}

// commonPoints are compared by their geometric mean.
func commonPoints(d, other *Data) (Common, bool) {
	pairs := d.Pairs(other)
	return Common{Quantity: "geometric mean", Unit: "s", Pairs: pairs, Points: len(pairs)}, len(pairs) > 0
}

// sumOf adds the points up: a step of a hundredth of the start-up counts for as much.
func sumOf(pairs []Pair) (total Pair) {
	total = pairs[0]
	for _, p := range pairs[1:] {
		total = Pair{add(total.Dividend, p.Dividend), add(total.Divisor, p.Divisor)}
	}
	return total
}

// add adds two means, whose errors are taken for independent.
func add(a, b Point) Point {
	total := Point{Mean: a.Mean + b.Mean, N: min(a.N, b.N)}
	if a.StdErr != nil && b.StdErr != nil {
		err := math.Hypot(*a.StdErr, *b.StdErr)
		total.StdErr = &err
	}
	return total
}
