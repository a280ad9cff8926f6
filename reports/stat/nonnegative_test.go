package stat_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coldstart/reports/stat"
)

// If the least-squares line has a negative slope or intercept, the best line without is
// level or passes through the origin.
func TestFitNonNegative(t *testing.T) {
	for _, test := range []struct {
		name string
		x, y []float64
		want stat.Line
	}{
		{"one point", []float64{2}, []float64{3}, stat.Line{Intercept: 3}},
		{"one x", []float64{2, 2}, []float64{3, 5}, stat.Line{Intercept: 4}},
		{"steeper than through the origin", []float64{1, 3}, []float64{2, 6.5}, stat.Line{Slope: 21.5 / 10}},
		{"the least-squares line", []float64{0, 1, 2}, []float64{0, 3, 3}, stat.Line{Slope: 1.5, Intercept: 0.5}},
		{"falling", []float64{1, 3}, []float64{5, 1}, stat.Line{Intercept: 3}},
		{"from below zero", []float64{1, 2}, []float64{0, 5}, stat.Line{Slope: 2}},
		{"nothing takes any time", []float64{1, 2}, []float64{0, 0}, stat.Line{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := stat.FitNonNegative(test.x, test.y)
			if diff := cmp.Diff(test.want, got, approximately, cmpopts.IgnoreFields(stat.Line{}, "Pearson")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// No line on a fine grid of non-negative slopes and intercepts is nearer to the points.
func TestFitNonNegativeIsTheBest(t *testing.T) {
	for _, points := range [][2][]float64{
		{{1, 2, 3, 4}, {2, 3, 5, 4}},
		{{1, 2, 3, 4}, {0, 0.1, 4, 6}},
		{{1, 2, 3, 4}, {6, 5, 1, 0}},
		{{5, 6, 7, 8}, {1, 0, 3, 1}},
	} {
		x, y := points[0], points[1]
		off := func(l stat.Line) float64 {
			at := make([]float64, len(x))
			for i := range x {
				at[i] = l.At(x[i])
			}
			return stat.RMSE(at, y)
		}
		best := off(stat.FitNonNegative(x, y))
		for slope := 0.0; slope <= 4; slope += 0.02 {
			for intercept := 0.0; intercept <= 6; intercept += 0.02 {
				if l := (stat.Line{Slope: slope, Intercept: intercept}); off(l) < best-1e-12 {
					t.Fatalf("%v, %v: %+v is nearer", x, y, l)
				}
			}
		}
	}
}

func TestPercentageError(t *testing.T) {
	if got := stat.PercentageError([]float64{9, 22}, []float64{10, 20}); math.Abs(got-10) > 1e-12 {
		t.Errorf("%v %%, want 10: the mean of 1 of 10 and 2 of 20", got)
	}
}
