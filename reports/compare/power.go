package compare

import (
	"math"

	"gonum.org/v1/gonum/stat/combin"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	// power is the probability that the estimated number of runs is enough.
	power = 0.8
	// runsLimit is the largest number of runs that is reported. Larger estimates are too
	// uncertain.
	runsLimit = 1000
)

// runsToDetect is the number of runs per side that shows a difference of means as
// significant at a level, if difference and spreads are as measured:
//
//	n = (z₁₋α⁄₂ + z_power)² · (sA² + sB²) / difference²  +  z₁₋α⁄₂² · (sA⁴ + sB⁴) / 2(sA² + sB²)²
//
// after H. J. A. Schouten, "Sample size formula with a continuous outcome for
// unequal group sizes and unequal variances", Statistics in Medicine 18 (1999),
// for sides of equal size. Of differences in each turn, spreadA is the spread, and spreadB
// is 0. The first term is the usual one; the second allows for t
// instead of the normal distribution with few runs. Results below four are too small.
func runsToDetect(difference, spreadA, spreadB, level float64) int {
	va, vb := spreadA*spreadA, spreadB*spreadB
	if va+vb == 0 {
		return runsToRank(level)
	}
	z := distuv.UnitNormal.Quantile(1 - level/2)
	reach := z + distuv.UnitNormal.Quantile(power)
	n := reach*reach*(va+vb)/(difference*difference) + z*z*(va*va+vb*vb)/(2*(va+vb)*(va+vb))
	return int(math.Ceil(min(n, runsLimit+1)))
}

// runsToExclude is the number of runs per side that shows that the true difference is
// below limit, if difference and spreads are as measured and |difference| < limit. The
// interval of the difference is then within ± limit: two one-sided tests at half of the level
// (D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987), which
// have to detect limit − |difference|.
func runsToExclude(limit, difference, spreadA, spreadB, level float64) int {
	return runsToDetect(limit-math.Abs(difference), spreadA, spreadB, level)
}

// runsToRank is the least number n of runs per side for the U-test: of all orders of 2n
// values, the two that separate the sides must have a probability of at most level.
func runsToRank(level float64) int {
	n := 2
	for 2/float64(combin.Binomial(2*n, n)) > level && n < 25 {
		n++
	}
	return n
}
