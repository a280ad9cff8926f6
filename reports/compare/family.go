package compare

import (
	"cmp"
	"slices"
)

// A family is tests that are judged together. adjust adjusts their p-values, so that each
// can be compared with alpha. next is the unadjusted p that one more test needs to be
// significant, given how many of all are.
type family struct {
	adjust func(p []float64) []float64
	next   func(all, significant int) float64
}

var (
	// deciding limits the probability of any false difference in the family.
	deciding = family{holm, func(all, significant int) float64 { return alpha / float64(max(1, all-significant)) }}
	// explaining limits the share of false differences among those found.
	explaining = family{benjaminiHochberg, func(all, significant int) float64 {
		return alpha * float64(min(all, significant+1)) / float64(max(1, all))
	}}
)

// holm adjusts p-values by S. Holm, "A simple sequentially rejective multiple
// test procedure", Scandinavian Journal of Statistics 6 (1979).
func holm(p []float64) []float64 {
	adjusted, worst := make([]float64, len(p)), 0.0
	for rank, i := range ascending(p) {
		worst = max(worst, p[i]*float64(len(p)-rank))
		adjusted[i] = min(worst, 1)
	}
	return adjusted
}

// benjaminiHochberg adjusts p-values by Y. Benjamini and Y. Hochberg,
// "Controlling the false discovery rate", Journal of the Royal Statistical
// Society B 57 (1995). It allows for positively correlated tests, such as the phases of a
// start-up and their sums.
func benjaminiHochberg(p []float64) []float64 {
	adjusted, least := make([]float64, len(p)), 1.0
	for rank, i := range slices.Backward(ascending(p)) {
		least = min(least, p[i]*float64(len(p))/float64(rank+1))
		adjusted[i] = least
	}
	return adjusted
}

// ascending are the indices of p in ascending order of p.
func ascending(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	return order
}
