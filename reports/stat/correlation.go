package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

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
