package compare

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"

	"coldstart/reports/stat"
)

// leastRuns is the least number of runs per side for a test. With two that are close by
// chance, for example if a start-up has two speeds, a test claims too much.
const leastRuns = 3

// alpha is the probability of a false difference.
const alpha = 1 - stat.Confidence

// Estimate is one side of a phase, in seconds.
type Estimate struct {
	N    int      `json:"n"`
	Mean float64  `json:"mean"`
	Low  *float64 `json:"low,omitempty"`  // 95 % confidence interval of Mean; absent if N < 2
	High *float64 `json:"high,omitempty"` // see Low
	// Values are the runs' values, in the order measured.
	Values []float64 `json:"values"`
}

func estimate(values []float64) Estimate {
	e := Estimate{N: len(values), Mean: stat.Summarize(values).Mean, Values: values}
	if low, high, ok := stat.Interval(values); ok {
		e.Low, e.High = &low, &high
	}
	return e
}

// spread is the sample standard deviation; undefined for a single value.
func (e *Estimate) spread() float64 {
	if e.steady() {
		return 0 // without rounding errors
	}
	return stat.Summarize(e.Values).StdErr * math.Sqrt(float64(e.N))
}

// steady reports that all values are equal.
func (e *Estimate) steady() bool { return slices.Min(e.Values) == slices.Max(e.Values) }

// Difference is the mean of B − the mean of A.
type Difference struct {
	Seconds float64 `json:"seconds"`
	// Low and High are the 95 % interval: by Welch, absent if a side has one run or neither
	// varies; or of sides measured in turns, valid after any turn, absent for a single one.
	Low     *float64 `json:"low,omitempty"`
	High    *float64 `json:"high,omitempty"`
	Percent *float64 `json:"percent,omitempty"` // of A's mean; absent if that is not above zero
}

func meanDifference(a, b *Estimate) Difference {
	d := Difference{Seconds: b.Mean - a.Mean}
	if a.Mean > 0 {
		percent := 100 * d.Seconds / a.Mean
		d.Percent = &percent
	}
	return d
}

// around sets the interval by half its width.
func (d *Difference) around(half float64) {
	low, high := d.Seconds-half, d.Seconds+half
	d.Low, d.High = &low, &high
}

// difference is that of two sides that were not measured in turns.
func difference(a, b *Estimate) Difference {
	d := meanDifference(a, b)
	if a.N > 1 && b.N > 1 && !(a.steady() && b.steady()) {
		d.around(welchHalf(a, b))
	}
	return d
}

// welchHalf is half the width of the interval of a difference of means with unequal
// spreads (Welch, Biometrika 34, 1947).
func welchHalf(a, b *Estimate) float64 {
	va, vb := a.spread()*a.spread()/float64(a.N), b.spread()*b.spread()/float64(b.N)
	freedom := (va + vb) * (va + vb) / (va*va/float64(a.N-1) + vb*vb/float64(b.N-1))
	return stat.Reach(freedom) * math.Sqrt(va+vb)
}

// tested is the p-value of the hypothesis that both samples have the same mean; false if a
// side has fewer than leastRuns. Warnings are benchmath's.
func tested(a, b *Estimate) (p float64, warnings []error, ok bool) {
	if min(a.N, b.N) < leastRuns {
		return 0, nil, false
	}
	var assumption benchmath.Assumption = benchmath.AssumeNormal
	if a.steady() && b.steady() {
		assumption = benchmath.AssumeNothing
	}
	c := assumption.Compare(sample(a), sample(b))
	return min(max(c.P, 0), 1), c.Warnings, true
}

// sample copies the values, because benchmath sorts them.
func sample(e *Estimate) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(e.Values), &benchmath.DefaultThresholds)
}
