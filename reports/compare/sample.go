package compare

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"

	"coldstart/reports/stat"
)

// LeastRuns is how many runs a side a test takes. Of two that lie close together
// by chance, as where a start-up has two speeds, it would claim too much.
const LeastRuns = 3

// alpha is how often a test may name a difference where there is none.
const alpha = 1 - stat.Confidence

// Estimate is one side of a phase, in seconds.
type Estimate struct {
	N    int      `json:"n"`
	Mean float64  `json:"mean"`
	Low  *float64 `json:"low,omitempty"`  // 95 % confidence interval of Mean; absent where N < 2
	High *float64 `json:"high,omitempty"` // see Low
	// Values are the runs' own, in the order measured.
	Values []float64 `json:"values"`
}

func estimate(values []float64) Estimate {
	e := Estimate{N: len(values), Mean: stat.Summarize(values).Mean, Values: values}
	if low, high, ok := stat.Interval(values); ok {
		e.Low, e.High = &low, &high
	}
	return e
}

// spread is the sample standard deviation; of a single value nobody knows it.
func (e *Estimate) spread() float64 {
	if e.steady() {
		return 0 // which rounding would miss
	}
	return stat.Summarize(e.Values).StdErr * math.Sqrt(float64(e.N))
}

// steady tells that all values are one and the same.
func (e *Estimate) steady() bool { return slices.Min(e.Values) == slices.Max(e.Values) }

// Difference is the mean of B less that of A.
type Difference struct {
	Seconds float64  `json:"seconds"`
	Low     *float64 `json:"low,omitempty"`     // 95 % confidence interval of Seconds, by Welch; absent where a side has one run, or neither spreads
	High    *float64 `json:"high,omitempty"`    // see Low
	Percent *float64 `json:"percent,omitempty"` // of A's mean; absent where that is not above zero
}

func difference(a, b *Estimate) Difference {
	d := Difference{Seconds: b.Mean - a.Mean}
	if a.Mean > 0 {
		percent := 100 * d.Seconds / a.Mean
		d.Percent = &percent
	}
	if a.N > 1 && b.N > 1 && !(a.steady() && b.steady()) {
		half := welchHalf(a, b)
		low, high := d.Seconds-half, d.Seconds+half
		d.Low, d.High = &low, &high
	}
	return d
}

// welchHalf is half the width of the interval of a difference of means whose
// spreads need not be equal (Welch, Biometrika 34, 1947).
func welchHalf(a, b *Estimate) float64 {
	va, vb := a.spread()*a.spread()/float64(a.N), b.spread()*b.spread()/float64(b.N)
	freedom := (va + vb) * (va + vb) / (va*va/float64(a.N-1) + vb*vb/float64(b.N-1))
	return stat.Reach(freedom) * math.Sqrt(va+vb)
}

// tested is the p-value of two samples being of the same start-up, 0 … 1. It is
// false where a side has fewer than LeastRuns, so that nothing is claimed. Warnings are
// benchmath's.
func tested(a, b *Estimate) (p float64, warnings []error, ok bool) {
	if min(a.N, b.N) < LeastRuns {
		return 0, nil, false
	}
	var assumption benchmath.Assumption = benchmath.AssumeNormal
	if a.steady() && b.steady() {
		assumption = benchmath.AssumeNothing
	}
	c := assumption.Compare(sample(a), sample(b))
	return min(max(c.P, 0), 1), c.Warnings, true
}

// sample is a copy, because benchmath sorts.
func sample(e *Estimate) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(e.Values), &benchmath.DefaultThresholds)
}
