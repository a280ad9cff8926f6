package compare

import (
	"cmp"
	"slices"
)

// A family is tests that are judged together. It adjusts their p-values, such
// that each may be held against alpha by itself, and knows the level that the
// next one to become significant would have to reach unadjusted, where so many of
// all already are.
type family struct {
	adjust func(p []float64) []float64
	next   func(all, significant int) float64
}

var (
	// deciding bounds the chance that any of the family is named wrongly.
	deciding = family{holm, func(all, significant int) float64 { return alpha / float64(max(1, all-significant)) }}
	// explaining bounds the share of those named that are named wrongly.
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
// Society B 57 (1995). It allows for tests that tend to go together, as the
// phases of a start-up and their sums do.
func benjaminiHochberg(p []float64) []float64 {
	adjusted, least := make([]float64, len(p)), 1.0
	for rank, i := range slices.Backward(ascending(p)) {
		least = min(least, p[i]*float64(len(p))/float64(rank+1))
		adjusted[i] = least
	}
	return adjusted
}

// ascending are the indices of p, the smallest value's first.
func ascending(p []float64) []int {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	return order
}
