package compare

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// looks are repeated tests of accumulating data: one after every turn, from leastRuns on,
// until one is significant or the largest number of turns is reached. If nothing changed,
// the test of a single turn claims a difference in 5 % of all cases, but any of 20 does in
// 22 % (P. Armitage, C. K. McPherson, B. C. Rowe, "Repeated significance tests on
// accumulating data", Journal of the Royal Statistical Society A 132, 1969).
type looks struct{ most int } // turns

// lookRate is how fast the probability of a false difference grows with the logarithm of
// the number of turns. D. Siegmund ("Sequential Analysis", Springer 1985, chapter IV) gives
// the form for large samples. For paired t-tests from 3 turns on, 0.6 holds 5 % if runs are
// normally distributed (TestLooks); the rest is for tails such as those of recorded runs
// (TestAnyTime).
const lookRate = 0.7

// adjust is the probability that, if nothing changed, any look has a p-value as small as p:
//
//	p · (1 + lookRate · ln(most / leastRuns) · ln(1 / p))
//
// The p of a single look remains as it is.
func (l looks) adjust(p float64) float64 {
	if p <= 0 {
		return 0
	}
	return min(1, p*(1-lookRate*math.Log(max(1, float64(l.most)/leastRuns))*math.Log(p)))
}

// alone is the p-value of a single look that is adjusted to p.
func (l looks) alone(p float64) float64 {
	const steps = 1 << 20 // of p, from 0 to p: adjust(p) >= p
	return p * float64(sort.Search(steps, func(i int) bool { return l.adjust(p*float64(i+1)/steps) > p })) / steps
}

// reach is half the width of the interval that is valid after any turn, in standard errors.
func (l looks) reach(turns int) float64 { return student(turns).Quantile(1 - l.alone(alpha)/2) }

// pairedTest is the p-value of a mean of differences, one of each turn, that is t standard
// errors.
func pairedTest(t float64, turns int) float64 { return 2 * student(turns).Survival(math.Abs(t)) }

// student is the distribution of a mean of differences, in standard errors.
func student(turns int) distuv.StudentsT { return distuv.StudentsT{Sigma: 1, Nu: float64(turns - 1)} }
