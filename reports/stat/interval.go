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

// LeastSettled is how many values Settled wants at least: two lie close together
// by chance too often.
const LeastSettled = 3

// Interval is the confidence interval of a sample's mean by Student's t, in the
// unit of the values. It is false for a single value, of which nothing is known.
func Interval(values []float64) (low, high float64, ok bool) {
	if len(values) < 2 {
		return 0, 0, false
	}
	sample := benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
	summary := benchmath.AssumeNormal.Summary(sample, Confidence)
	return summary.Lo, summary.Hi, true
}

// Reach is how many standard errors the confidence interval reaches to either side of
// an estimate whose variance is known with so many degrees of freedom: Student's t.
func Reach(freedom float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile((1 + Confidence) / 2)
}

// PearsonInterval is the confidence interval of a correlation r of n points, by
// Fisher's transformation: atanh r is nearly normal, with the variance 1 / (n − 3)
// (Metron 1, 1921). It is false for three points or fewer, which tell nothing.
func PearsonInterval(r float64, n int) (low, high float64, ok bool) {
	if n <= 3 || math.IsNaN(r) {
		return 0, 0, false
	}
	z := math.Atanh(min(1, max(-1, r))) // rounding may lead beyond ±1
	half := distuv.UnitNormal.Quantile((1+Confidence)/2) / math.Sqrt(float64(n-3))
	return math.Tanh(z - half), math.Tanh(z + half), true
}

// Settled tells whether a sample's mean is known well enough to stop measuring:
// its interval reaches no further from it than a share of it, such as 0.05.
//
// A rule that looks after every run stops early where chance has put the values
// close together, so that of intervals found this way a few less than 95 in 100
// hold the true mean.
func Settled(values []float64, within float64) bool {
	low, high, ok := Interval(values)
	if !ok || len(values) < LeastSettled {
		return false
	}
	mean := (low + high) / 2
	return (high-low)/2 <= within*max(mean, -mean)
}

// RunsToSettle is how many values that spread as these do would be Settled; 0 where
// a single value, or a mean of nothing, does not tell.
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

// mostToSettle bounds what RunsToSettle looks at: nobody makes so many runs.
const mostToSettle = 10000

// Telling is how long a phase must take, in seconds, for its interval to tell
// anything: vLLM states hundredths of a second, and stamps thousandths.
const Telling = 0.1

// Unsettled are the phases of a configuration's runs whose mean is not known well
// enough to stop measuring. Those that are too short to tell are none.
func Unsettled(runs []phase.Times, within float64) (phases []phase.Phase) {
	for p := range phase.All() {
		values := Values(runs, p)
		if len(values) > 0 && Summarize(values).Mean >= Telling && !Settled(values, within) {
			phases = append(phases, p)
		}
	}
	return phases
}
