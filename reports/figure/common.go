package figure

import "math"

// Common is a quantity that can be compared between two figures of one kind.
type Common struct {
	Quantity string // such as "sum of the steps"
	Unit     string // "s", "×" or "cores"
	Pairs    []Pair // their geometric means are the quantity; empty if Here and There are set
	Points   int    // number of points in both figures; 0 for a figure without points
	Models   int    // of a mean over models: number of models, the smaller of both; else 0

	Here, There float64
	Blind       string // why the noise of Here and There is unknown
}

// A Pair is a point and the point to divide it by.
type Pair struct{ Dividend, Divisor Point }

// Pairs are the points that are positive in both figures. The rest of a stack is left
// out, because it depends on which steps the log has.
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

// sumOf adds the points up, so that each step counts by its share of the start-up.
func sumOf(pairs []Pair) (total Pair) {
	total = pairs[0]
	for _, p := range pairs[1:] {
		total = Pair{add(total.Dividend, p.Dividend), add(total.Divisor, p.Divisor)}
	}
	return total
}

// add adds two means with independent errors.
func add(a, b Point) Point {
	total := Point{Mean: a.Mean + b.Mean, N: min(a.N, b.N)}
	if a.StdErr != nil && b.StdErr != nil {
		err := math.Hypot(*a.StdErr, *b.StdErr)
		total.StdErr = &err
	}
	return total
}
