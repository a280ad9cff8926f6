// Package stat turns the runs of a measurement into means, their errors and
// lines through them, with gonum's mathematics.
//
// It stands between result, which holds the runs, and figure, which says what
// is shown of them.
package stat

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"coldstart/reports/phase"
)

// Summary is a sample's mean and how far to trust it.
type Summary struct {
	Mean   float64
	StdErr float64 // sample standard deviation / √N; NaN where N < 2
	N      int
}

// Summarize sums up a sample of at least one value, in the unit of the values.
func Summarize(values []float64) Summary {
	mean, deviation := stat.MeanStdDev(values, nil)
	return Summary{Mean: mean, StdErr: stat.StdErr(deviation, float64(len(values))), N: len(values)}
}

// Line is the least-squares line y = Intercept + Slope·x.
type Line struct {
	Slope, Intercept float64
	Pearson          float64 // correlation of x and y, -1 … 1
}

// Fit lays a line through points. It is false where no single line is best:
// fewer than two points, or all at one x. Pearson is NaN where all y are equal.
func Fit(x, y []float64) (line Line, ok bool) {
	if len(x) < 2 || stat.Variance(x, nil) == 0 {
		return Line{}, false
	}
	line.Intercept, line.Slope = stat.LinearRegression(x, y, nil, false)
	line.Pearson = stat.Correlation(x, y, nil)
	return line, true
}

// FitNonNegative is the least-squares line through points of x and y at or above
// zero, of which neither slope nor intercept is below zero. There must be a point.
// Points that all lie at one x give the mean.
//
// It is non-negative least squares (Lawson and Hanson, Solving Least Squares
// Problems, 1974, chapter 23) for two unknowns: where the unconstrained line breaks a
// bound, the best line lies on one, and is level or passes through the origin.
func FitNonNegative(x, y []float64) Line {
	level := Line{Intercept: max(0, stat.Mean(y, nil))}
	line, ok := Fit(x, y)
	switch {
	case !ok:
		return level
	case line.Slope >= 0 && line.Intercept >= 0:
		return line
	}
	_, slope := stat.LinearRegression(x, y, nil, true)
	steep := Line{Slope: max(0, slope)}
	level.Pearson, steep.Pearson = line.Pearson, line.Pearson
	if steep.rmse(x, y) < level.rmse(x, y) {
		return steep
	}
	return level
}

// rmse is how far the line is from points.
func (l Line) rmse(x, y []float64) float64 {
	at := make([]float64, len(x))
	for i := range x {
		at[i] = l.At(x[i])
	}
	return RMSE(at, y)
}

// At is the line's y at x.
func (l Line) At(x float64) float64 { return l.Intercept + l.Slope*x }

// RMSE is the root of the mean squared difference of two samples of equal length.
func RMSE(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Sqrt(sum / float64(len(a)))
}

// PercentageError is the mean absolute error of guesses, as a percentage of the
// truths, which are above zero.
func PercentageError(guesses, truths []float64) float64 {
	sum := 0.0
	for i := range guesses {
		sum += math.Abs(guesses[i]-truths[i]) / truths[i]
	}
	return 100 * sum / float64(len(guesses))
}

// Average is the paper's average of a configuration's runs: each phase by its
// mean over the runs that have it, then the sums made anew from the means. What
// passes outside the phases is kept as the mean of what the runs have of it. A
// phase that no run has is absent. A sum that lacks a part it must have, as
// where a release does not log it, stays the mean of what the logs state.
func Average(runs []phase.Times) phase.Times {
	var average phase.Times
	for p := range phase.All() {
		if values := Values(runs, p); len(values) > 0 {
			average.Set(p, stat.Mean(values, nil))
		}
	}
	average.RenewSums()
	outside := outsidePhases(runs)
	if total, ok := average.Get(phase.TotalTime); ok && len(outside) > 0 {
		average.Set(phase.ActualTotalTime, total+stat.Mean(outside, nil))
	}
	return average
}

// Values are a phase's values in seconds, of the runs that have it.
func Values(runs []phase.Times, p phase.Phase) (values []float64) {
	for i := range runs {
		if seconds, ok := runs[i].Get(p); ok {
			values = append(values, seconds)
		}
	}
	return values
}

// outsidePhases are actual_total_time − total_time of the runs that have both.
func outsidePhases(runs []phase.Times) (seconds []float64) {
	for i := range runs {
		actual, ok1 := runs[i].Get(phase.ActualTotalTime)
		total, ok2 := runs[i].Get(phase.TotalTime)
		if ok1 && ok2 {
			seconds = append(seconds, actual-total)
		}
	}
	return seconds
}
