package compare

import (
	"math"

	"gonum.org/v1/gonum/stat/combin"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	// power is how often as many runs as are asked for would settle the matter.
	power = 0.8
	// MostRuns is the largest number of runs that is worth telling: for a phase
	// that would take more, what was measured says nothing about how many.
	MostRuns = 1000
)

// runsToDetect is how many runs a side would show a difference of means as
// significant at a level, if difference and spreads are what they seem:
//
//	n = (z₁₋α⁄₂ + z_power)² · (sA² + sB²) / difference²  +  z₁₋α⁄₂² · (sA⁴ + sB⁴) / 2(sA² + sB²)²
//
// after H. J. A. Schouten, "Sample size formula with a continuous outcome for
// unequal group sizes and unequal variances", Statistics in Medicine 18 (1999),
// for sides of one size. The first term is that of every textbook; the second is
// what t asks for over the normal distribution where runs are few. Below four it
// still asks for too few.
func runsToDetect(difference, spreadA, spreadB, level float64) int {
	va, vb := spreadA*spreadA, spreadB*spreadB
	if va+vb == 0 {
		return runsToRank(level)
	}
	z := distuv.UnitNormal.Quantile(1 - level/2)
	reach := z + distuv.UnitNormal.Quantile(power)
	n := reach*reach*(va+vb)/(difference*difference) + z*z*(va*va+vb*vb)/(2*(va+vb)*(va+vb))
	return int(math.Ceil(min(n, MostRuns+1)))
}

// runsToExclude is how many runs a side would show, if difference and spreads are
// what they seem, that the true difference is below limit, which is above it: the
// interval of the difference then lies within the limit on both sides, which is
// two one-sided tests at half of alpha (D. J. Schuirmann, Journal of
// Pharmacokinetics and Biopharmaceutics 15, 1987). What they have to detect is
// the room between the two.
func runsToExclude(limit, difference, spreadA, spreadB float64) int {
	return runsToDetect(limit-math.Abs(difference), spreadA, spreadB, alpha)
}

// runsToRank is how many runs a side the U-test needs at least: of all orders of
// 2n values, the two in which the sides stand apart must be rare enough.
func runsToRank(level float64) int {
	n := 2
	for 2/float64(combin.Binomial(2*n, n)) > level && n < 25 {
		n++
	}
	return n
}
