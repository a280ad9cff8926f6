package history

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"coldstart/reports/stat"
)

const (
	// window is how many values are searched together. Windows overlap by half.
	window = 50
	// shortest is the least number of values on each side of a change.
	shortest = 3
	// strict is the p of a change. It is far below 0.05 because each of some 50 places of a
	// window could be one; TestFalseAlarms has the rate that it leads to.
	strict = 5e-5
	// least is the smallest change, as a share: most false alarms are smaller.
	least = 0.02
	// weak is the p of a candidate. A change may become visible only after its neighbours
	// are known.
	weak = 1e-2
)

// divide finds the places where the level of a series of seconds changes: each is the first
// value of a new level.
//
// It is E-divisive (Matteson and James, "A nonparametric approach for multiple change point
// analysis of multivariate data", JASA 109, 2014) as Fleming et al. changed it for short
// series of performance measurements ("Hunter: using change point detection to hunt for
// performance regressions", ICPE 2023): the places come from the energy statistic, in
// windows; a t-test replaces the random permutations, so that the same series has the same
// changes; candidates of a weak p are found first, and then those without a strict p between
// their neighbours are taken away, the weakest first.
func divide(values []float64) []int {
	var candidates []int
	for from := 0; ; from += window / 2 {
		to := min(from+window, len(values))
		candidates = candidatesIn(values[from:to], from, candidates)
		if to == len(values) {
			break
		}
	}
	slices.Sort(candidates)
	return confirmed(values, slices.Compact(candidates))
}

// candidatesIn adds the places in values, which begin at an offset, by dividing again what
// is on either side of a place.
func candidatesIn(values []float64, offset int, candidates []int) []int {
	at, end, ok := mostDivergent(values)
	if !ok || different(values[:at], values[at:end]) > weak {
		return candidates
	}
	candidates = candidatesIn(values[:at], offset, append(candidates, offset+at))
	return candidatesIn(values[at:], offset+at, candidates)
}

// mostDivergent is the place where the values before it and those from it to an end diverge
// most: the maximum of Q = m·n/(m+n) · E, where E = 2·mean|x−y| − mean|x−x'| − mean|y−y'| for
// the m values x before and the n values y behind it (Matteson and James, section 2,
// α = 1). The end need not be the last value, or two changes that cancel would not be seen.
// It is false for fewer values than two levels need.
func mostDivergent(values []float64) (at, end int, ok bool) {
	var sums distanceSums
	sums.of(values)
	most := math.Inf(-1)
	for i := shortest; i <= len(values)-shortest; i++ {
		for j := i + shortest; j <= len(values); j++ {
			m, n := float64(i), float64(j-i)
			before, all, after := sums[i][i], sums[j][j], sums[j][j]-2*sums[i][j]+sums[i][i]
			energy := (all-before-after)/(m*n) - before/(m*(m-1)) - after/(n*(n-1))
			if q := m * n / (m + n) * energy; q > most {
				most, at, end = q, i, j
			}
		}
	}
	return at, end, at > 0
}

// distanceSums has at [i][j], where i ≤ j, the sum of the distances of the first i values to
// the first j, from which those of any two stretches follow.
type distanceSums [window + 1][window + 1]float64

func (sums *distanceSums) of(values []float64) {
	for i, x := range values {
		row := 0.0
		for j, y := range values {
			row += math.Abs(x - y)
			sums[i+1][j+1] = sums[i][j+1] + row
		}
	}
}

// confirmed are the candidates that are changes between their neighbours.
func confirmed(values []float64, at []int) []int {
	p := make([]float64, len(at))
	test := func(i int) {
		from, to := at[i]-window, at[i]+window
		if i > 0 {
			from = max(from, at[i-1])
		}
		if i+1 < len(at) {
			to = min(to, at[i+1])
		}
		p[i] = different(values[max(0, from):at[i]], values[at[i]:min(to, len(values))])
	}
	for i := range at {
		test(i)
	}
	for len(at) > 0 {
		weakest := 0
		for i := range p {
			if p[i] > p[weakest] {
				weakest = i
			}
		}
		if p[weakest] <= strict {
			break
		}
		at, p = slices.Delete(at, weakest, weakest+1), slices.Delete(p, weakest, weakest+1)
		for _, neighbour := range []int{weakest - 1, weakest} {
			if neighbour >= 0 && neighbour < len(at) {
				test(neighbour)
			}
		}
	}
	return at
}

// rounding is the standard deviation of seconds that are rounded to hundredths, as vLLM
// writes them. No spread is taken to be smaller.
const rounding = 0.01 / 3.4641016151377544 // √12

// different is the p of Student's t-test that two samples of seconds have the same mean; 1 if
// either is shorter than a level, or their means differ by less than the least change. Both
// have the same spread: a sample of three has hardly one of its own.
func different(a, b []float64) (p float64) {
	if min(len(a), len(b)) < shortest {
		return 1
	}
	m, n := stat.Summarize(a), stat.Summarize(b)
	if math.Abs(m.Mean-n.Mean) < least*m.Mean {
		return 1
	}
	freedom := float64(m.N + n.N - 2)
	variance := (squares(m) + squares(n)) / freedom
	variance = max(variance, rounding*rounding)
	t := math.Abs(m.Mean-n.Mean) / math.Sqrt(variance*(1/float64(m.N)+1/float64(n.N)))
	return 2 * distuv.StudentsT{Sigma: 1, Nu: freedom}.CDF(-t)
}

// squares is the sum of the squared deviations from the mean.
func squares(s stat.Summary) float64 {
	n := float64(s.N)
	return s.StdErr * s.StdErr * n * (n - 1)
}

const (
	// around is how many values before and after one decide whether it is an outlier.
	around = 3
	// far is how many deviations an outlier is away from their median.
	far = 4
	// perDeviation makes the median absolute deviation the standard deviation of a normal
	// distribution.
	perDeviation = 1.4826
)

// withoutOutliers replaces single values that are far from their neighbours by the median of
// those: Hampel's identifier (Davies and Gather, "The identification of multiple outliers",
// JASA 88, 1993). One start-up in a hundred takes some ten percent longer than all others;
// its square would hide a change of a few percent, or be taken for one.
func withoutOutliers(values []float64) []float64 {
	clean := slices.Clone(values)
	const width = 2*around + 1
	if len(values) < width {
		return clean
	}
	for i, x := range values {
		from := min(max(0, i-around), len(values)-width)
		middle, deviation := medianAndDeviation(values[from : from+width])
		if math.Abs(x-middle) > far*perDeviation*max(deviation, rounding) {
			clean[i] = middle
		}
	}
	return clean
}

// medianAndDeviation are the median of values and that of their distances to it.
func medianAndDeviation(values []float64) (middle, deviation float64) {
	var room [2*around + 1]float64
	sorted := append(room[:0], values...)
	slices.Sort(sorted)
	middle = sorted[len(sorted)/2]
	for i, x := range sorted {
		sorted[i] = math.Abs(x - middle)
	}
	slices.Sort(sorted)
	return middle, sorted[len(sorted)/2]
}
