package comment

import (
	"fmt"
	"math"

	"coldstart/reports/figure"
	"coldstart/reports/stat"
)

// A change is how a figure differs from the same figure of the paper.
type change struct {
	// factor is this session's value ÷ the paper's: of the sums for a stack, of the
	// totals for ratios, otherwise the geometric mean over the points.
	factor float64
	// low and high bound the factor with 95 % confidence. Both are zero where no
	// point of either has a standard error, so that the noise is not known.
	low, high float64
	points    int // that both have
}

// The least changes that are worth a reader's time, as shares: where the noise is
// known and where it is not.
const (
	smallest      = 0.01
	smallestBlind = 0.10
)

// moved tells that the change is neither noise nor too small to matter.
func (c change) moved() bool {
	size := math.Abs(c.factor - 1)
	if !c.certain() {
		return size >= smallestBlind
	}
	return (c.low > 1 || c.high < 1) && size >= smallest
}

func (c change) certain() bool { return c.high > 0 }

// distance is how far a change is from none, up or down alike.
func (c change) distance() float64 { return max(c.factor, 1/c.factor) }

func (c change) String() string { return fmt.Sprintf("×%.2f", c.factor) }

// certainty says how much is known of the change.
func (c change) certainty() string {
	points := fmt.Sprintf("%d points", c.points)
	if c.points == 1 {
		points = "1 point"
	}
	if !c.certain() {
		return "noise unknown: single values, " + points
	}
	return fmt.Sprintf("%.2f to %.2f, %s", c.low, c.high, points)
}

// pair is a point and the paper's.
type pair struct{ own, paper figure.Point }

// compare compares a figure with the paper's. It is false where they have no
// point in common, as with a figure that has no points.
func compare(d, paper *figure.Data) (c change, ok bool) {
	pairs := pairsOf(d, paper)
	if len(pairs) == 0 {
		return change{}, false
	}
	c.points = len(pairs)
	switch d.Kind {
	case figure.Stack:
		pairs = []pair{sum(pairs)}
	case figure.Ratio:
		pairs = totals(pairs)
	}
	logs, noise := 0.0, noise{}
	for _, p := range pairs {
		logs += math.Log(p.own.Mean / p.paper.Mean)
		noise.add(p.own)
		noise.add(p.paper)
	}
	n := float64(len(pairs))
	c.factor = math.Exp(logs / n)
	if half, known := noise.half(); known {
		spread := half / n
		c.low, c.high = c.factor*math.Exp(-spread), c.factor*math.Exp(spread)
	}
	return c, true
}

// pairsOf are the points that both have, and of which a factor can be told. The rest
// of a stack is no step, and depends on the steps that a log tells of.
func pairsOf(d, paper *figure.Data) (pairs []pair) {
	for _, s := range d.Series {
		for _, p := range s.Points {
			if q, ok := pointOf(paper, s.Name, p.Key); ok && !p.Rest && p.Mean > 0 && q.Mean > 0 {
				pairs = append(pairs, pair{p, q})
			}
		}
	}
	return pairs
}

// totals are the pairs of totals where there are any: what the steps come to.
func totals(pairs []pair) (totals []pair) {
	for _, p := range pairs {
		if p.own.Total {
			totals = append(totals, p)
		}
	}
	if len(totals) == 0 {
		return pairs
	}
	return totals
}

// sum adds steps up: a step of a hundredth of the start-up counts for as much.
func sum(pairs []pair) (total pair) {
	total = pairs[0]
	for _, p := range pairs[1:] {
		total = pair{add(total.own, p.own), add(total.paper, p.paper)}
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

// noise gathers what is known of the relative spread of points. A point without
// a standard error is not exact: it is taken to be as noisy as the others, one
// value for one value.
type noise struct {
	means   float64 // sum of the relative variances of the means with a standard error
	squares float64 // sum of their squares, each ÷ its degrees of freedom
	singles float64 // sum of the relative variances of one of the values behind each mean
	known   int     // how many those are
	freedom float64 // sum of their degrees of freedom
	blind   float64 // sum over the other means of 1 ÷ number of values
}

func (n *noise) add(p figure.Point) {
	values := float64(max(1, p.N))
	if p.StdErr == nil {
		n.blind += 1 / values
		return
	}
	variance := (*p.StdErr / p.Mean) * (*p.StdErr / p.Mean)
	n.means += variance
	n.squares += variance * variance / max(1, values-1)
	n.freedom += max(1, values-1)
	n.singles += variance * values
	n.known++
}

// half is half the 95 % interval of the sum of all means' logarithms: of spreads that
// are estimates themselves, by Student's t with the degrees of freedom that Welch and
// Satterthwaite give a sum of variances (Biometrics Bulletin 2, 1946). It is false
// where nothing is known of any.
func (n *noise) half() (half float64, known bool) {
	if n.known == 0 {
		return 0, false
	}
	blind := n.blind * n.singles / float64(n.known)
	variance := n.means + blind
	if variance == 0 {
		return 0, true
	}
	freedom := variance * variance / (n.squares + blind*blind/n.freedom)
	return stat.Reach(freedom) * math.Sqrt(variance), true
}

// pointOf finds a point by its series and key. No figure has none.
func pointOf(d *figure.Data, series, key string) (figure.Point, bool) {
	if d == nil {
		return figure.Point{}, false
	}
	for _, s := range d.Series {
		for _, p := range s.Points {
			if s.Name == series && p.Key == key {
				return p, true
			}
		}
	}
	return figure.Point{}, false
}
