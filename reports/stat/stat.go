// Package stat computes means, their errors and least-squares lines from the runs of a
// measurement, with gonum.
package stat

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"coldstart/reports/phase"
)

// Summary is a sample's mean and standard error.
type Summary struct {
	Mean   float64
	StdErr float64 // sample standard deviation / √N; NaN where N < 2
	N      int
}

// Summarize summarizes a sample of at least one value, in the unit of the values.
func Summarize(values []float64) Summary {
	mean, deviation := stat.MeanStdDev(values, nil)
	return Summary{Mean: mean, StdErr: stat.StdErr(deviation, float64(len(values))), N: len(values)}
}

// Line is the least-squares line y = Intercept + Slope·x.
type Line struct {
	Slope, Intercept float64
	Pearson          float64 // correlation of x and y, -1 … 1
}

// Fit is the best line through points. It is false for fewer than two points, and if all
// have the same x. Pearson is NaN if all y are equal.
func Fit(x, y []float64) (line Line, ok bool) {
	if len(x) < 2 || stat.Variance(x, nil) == 0 {
		return Line{}, false
	}
	line.Intercept, line.Slope = stat.LinearRegression(x, y, nil, false)
	line.Pearson = stat.Correlation(x, y, nil)
	return line, true
}

// FitNonNegative is the least-squares line through points whose slope and intercept are
// at or above zero. x and y must be at or above zero, and there must be a point. Points
// that all have the same x give the mean.
//
// It is non-negative least squares (Lawson and Hanson, Solving Least Squares
// Problems, 1974, chapter 23) for two unknowns: if the unconstrained line breaks a
// bound, the best line is level or passes through the origin.
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

// rmse is the root of the mean squared distance of the line from points, in y.
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

// PercentageError is the mean absolute error of guesses, in percent of the truths,
// which must be above zero.
func PercentageError(guesses, truths []float64) float64 {
	sum := 0.0
	for i := range guesses {
		sum += math.Abs(guesses[i]-truths[i]) / truths[i]
	}
	return 100 * sum / float64(len(guesses))
}

// Average is the paper's average of a configuration's runs: the mean of each phase over
// the runs that have it, then the sums again from the means. actual_total_time is
// total_time plus the mean time outside the phases. A phase that no run has is absent.
// A sum that lacks a required part, because the release does not log it, stays the mean
// of the logged sums.
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

// Values are a phase's values in the runs that have it, in seconds.
func Values(runs []phase.Times, p phase.Phase) (values []float64) {
	for i := range runs {
		if seconds, ok := runs[i].Get(p); ok {
			values = append(values, seconds)
		}
	}
	return values
}

// outsidePhases is actual_total_time − total_time of each run that has both.
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
