package stat

import (
	"math"
	"slices"
	"sort"

	"golang.org/x/perf/benchmath"
	"gonum.org/v1/gonum/stat/distuv"

	"coldstart/reports/phase"
)

// Confidence is the level of every interval.
const Confidence = 0.95

// LeastSettled is the smallest number of values that can be Settled: two are close
// together by chance too often.
const LeastSettled = 3

// Interval is the confidence interval of a sample's mean by Student's t, in the
// unit of the values. It is false for fewer than two values.
func Interval(values []float64) (low, high float64, ok bool) {
	if len(values) < 2 {
		return 0, 0, false
	}
	sample := benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
	summary := benchmath.AssumeNormal.Summary(sample, Confidence)
	return summary.Lo, summary.Hi, true
}

// Reach is half the width of the confidence interval in standard errors, by Student's t
// with the degrees of freedom of the variance.
func Reach(freedom float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile((1 + Confidence) / 2)
}

// PearsonInterval is the confidence interval of a correlation r of n points, by
// Fisher's transformation: atanh r is nearly normal, with the variance 1 / (n − 3)
// (Metron 1, 1921). It is false for three points or fewer.
func PearsonInterval(r float64, n int) (low, high float64, ok bool) {
	if n <= 3 || math.IsNaN(r) {
		return 0, 0, false
	}
	z := math.Atanh(min(1, max(-1, r))) // rounding may lead beyond ±1
	half := distuv.UnitNormal.Quantile((1+Confidence)/2) / math.Sqrt(float64(n-3))
	return math.Tanh(z - half), math.Tanh(z + half), true
}

// Settled tells whether a sample's mean is known well enough to stop measuring: half
// the width of its interval is at most a share of it, such as 0.05.
//
// A rule that is applied after every run stops early if the values happen to be close
// together. Of such intervals, slightly fewer than 95 % hold the true mean.
func Settled(values []float64, within float64) bool {
	low, high, ok := Interval(values)
	if !ok || len(values) < LeastSettled {
		return false
	}
	mean := (low + high) / 2
	return (high-low)/2 <= within*max(mean, -mean)
}

// RunsToSettle is how many values with this mean and deviation would be Settled; 0 if
// there are fewer than two values, or their mean is 0.
func RunsToSettle(values []float64, within float64) int {
	s := Summarize(values)
	reach := within * max(s.Mean, -s.Mean)
	if s.N < 2 || reach == 0 {
		return 0
	}
	deviation := s.StdErr * math.Sqrt(float64(s.N))
	half := func(n int) float64 {
		return Reach(float64(n-1)) * deviation / math.Sqrt(float64(n))
	}
	return LeastSettled + sort.Search(mostToSettle, func(more int) bool { return half(LeastSettled+more) <= reach })
}

// mostToSettle limits the answer of RunsToSettle.
const mostToSettle = 10000

// Telling is the shortest phase whose interval is meaningful, in seconds: vLLM states
// hundredths of a second, and stamps have thousandths.
const Telling = 0.1

// Unsettled are the phases of a configuration's runs that are not Settled, without those
// shorter than Telling.
func Unsettled(runs []phase.Times, within float64) (phases []phase.Phase) {
	for p := range phase.All() {
		values := Values(runs, p)
		if len(values) > 0 && Summarize(values).Mean >= Telling && !Settled(values, within) {
			phases = append(phases, p)
		}
	}
	return phases
}
