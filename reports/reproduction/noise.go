package reproduction

import (
	"math"

	"coldstart/reports/figure"
	"coldstart/reports/stat"
)

// noise accumulates the relative spread of the points of one side. A point without a standard
// error is assumed to be as noisy as the side's others, per value.
type noise struct {
	means   float64 // sum of the relative variances of the means with a standard error
	squares float64 // sum of their squares, each ÷ its degrees of freedom
	singles float64 // sum of the relative variances of single values
	known   int     // number of means with a standard error
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

// variance is the variance of the sum of all means' logarithms. term is its part of the divisor
// in Welch and Satterthwaite's degrees of freedom: the sum of each variance's square ÷ its own
// degrees of freedom. Both are unknown without a standard error.
func (n *noise) variance() (variance, term float64, known bool) {
	if n.known == 0 {
		return 0, 0, false
	}
	blind := n.blind * n.singles / float64(n.known)
	return n.means + blind, n.squares + blind*blind/n.freedom, true
}

// half is half the width of the 95 % interval of the sum of all sides' logarithms, by
// Student's t with Welch and Satterthwaite's degrees of freedom of a sum of variances
// (Biometrics Bulletin 2, 1946). It is false if the noise of a side is unknown: one machine's
// says nothing about another's.
func half(sides ...*noise) (half float64, known bool) {
	var sum, terms float64
	for _, side := range sides {
		variance, term, known := side.variance()
		if !known {
			return 0, false
		}
		sum, terms = sum+variance, terms+term
	}
	if sum == 0 {
		return 0, true
	}
	return stat.Reach(sum*sum/terms) * math.Sqrt(sum), true
}
