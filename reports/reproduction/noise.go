package reproduction

import (
	"math"

	"coldstart/reports/figure"
	"coldstart/reports/stat"
)

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
