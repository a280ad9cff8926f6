package compare

import (
	"math"
	"sort"
)

// looks are repeated tests of accumulating data: one after every turn, from leastRuns on,
// until one is significant or the largest number of turns is reached. If nothing changed,
// the test of a single turn claims a difference in 5 % of all cases, but any of 20 does in
// 22 % (P. Armitage, C. K. McPherson, B. C. Rowe, "Repeated significance tests on
// accumulating data", Journal of the Royal Statistical Society A 132, 1969).
type looks struct{ most int } // turns

// lookRate is how fast the probability of a false difference grows with the logarithm of
// the number of turns. D. Siegmund ("Sequential Analysis", Springer 1985, chapter IV) gives
// the form for large samples. The value is the smallest one, rounded up, that holds 5 %
// for paired t-tests from 3 turns on: TestLooks simulates it.
const lookRate = 2. / 3

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
