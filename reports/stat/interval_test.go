package stat_test

import (
	"math"
	"testing"

	"coldstart/reports/stat"
)

// The quantiles of Student's t are those of any printed table: 12.706, 4.303
// and 2.776 at 1, 2 and 4 degrees of freedom.
func TestInterval(t *testing.T) {
	for _, test := range []struct {
		name   string
		values []float64
		half   float64 // of the interval's width
		ok     bool
	}{
		{"nothing", nil, 0, false},
		{"one value", []float64{3}, 0, false},
		{"two values", []float64{10, 12}, 12.706 * math.Sqrt2 / math.Sqrt2, true},
		{"three values", []float64{9, 10, 11}, 4.303 / math.Sqrt(3), true},
		{"five values", []float64{8, 9, 10, 11, 12}, 2.776 * math.Sqrt(2.5/5), true},
		{"all equal", []float64{7, 7, 7}, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			low, high, ok := stat.Interval(test.values)
			if half := (high - low) / 2; ok != test.ok || math.Abs(half-test.half) > 1e-3 {
				t.Errorf("half the interval is %v (%v), want %v (%v)", half, ok, test.half, test.ok)
			}
		})
	}
}

func TestIntervalLeavesTheValuesInOrder(t *testing.T) {
	values := []float64{3, 1, 2}
	stat.Interval(values)
	if values[0] != 3 || values[2] != 2 {
		t.Errorf("the values were moved: %v", values)
	}
}

func TestSettled(t *testing.T) {
	for _, test := range []struct {
		name   string
		values []float64
		within float64
		want   bool
	}{
		{"nothing", nil, 0.05, false},
		{"one value", []float64{10}, 0.05, false},
		{"two equal values are chance", []float64{10, 10}, 0.05, false},
		{"three equal values", []float64{10, 10, 10}, 0.05, true},
		{"three close values", []float64{9.9, 10, 10.1}, 0.05, true}, // ± 0.248
		{"three values, a closer wish", []float64{9.9, 10, 10.1}, 0.02, false},
		{"just within", []float64{9.9, 10, 10.1}, 0.0249, true},
		{"just beyond", []float64{9.9, 10, 10.1}, 0.0248, false},
		{"three far values", []float64{9, 10, 11}, 0.05, false},
		{"more of the same", []float64{9.9, 10, 10.1, 9.9, 10, 10.1, 9.9, 10, 10.1}, 0.01, true},
		{"below zero", []float64{-9.9, -10, -10.1}, 0.05, true},
		{"a mean of zero is never near enough", []float64{-1, 0, 1}, 0.05, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := stat.Settled(test.values, test.within); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// By a printed table of t: 4.303, 3.182 and 2.776 at 2, 3 and 4 degrees of freedom.
func TestRunsToSettle(t *testing.T) {
	for _, test := range []struct {
		name   string
		values []float64
		within float64
		want   int
	}{
		{"nothing", nil, 0.05, 0},
		{"one value", []float64{10}, 0.05, 0},
		{"about zero", []float64{-1, 1}, 0.05, 0},
		{"no spread", []float64{10, 10}, 0.05, 3},
		{"three are enough", []float64{9.9, 10, 10.1}, 0.05, 3},    // ± 0.248
		{"four", []float64{9.9, 10, 10.1}, 0.02, 4},                // ± 0.159
		{"five", []float64{9.9, 10, 10.1}, 0.0125, 5},              // ± 0.124
		{"the spread counts", []float64{9.8, 10, 10.2}, 0.0319, 4}, // ± 0.318
		{"below zero", []float64{-9.9, -10, -10.1}, 0.02, 4},       // as above it
		{"more than anybody makes", []float64{1, 3, 80}, 1e-6, 3 + 10000},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := stat.RunsToSettle(test.values, test.within); got != test.want {
				t.Errorf("%d runs, want %d", got, test.want)
			}
		})
	}
}

// By hand: atanh r ± 1.959964 / √(n − 3), and back by tanh.
func TestPearsonInterval(t *testing.T) {
	for _, test := range []struct {
		name      string
		r         float64
		n         int
		low, high float64
		ok        bool
	}{
		{"three points", 0.99, 3, 0, 0, false},
		{"no correlation", 0, 10, -0.6296, 0.6296, true},          // ± 0.7408
		{"ten points", 0.5, 10, -0.189, 0.859, true},              // 0.5493 ± 0.7408
		{"figure 5 of the paper", 0.8834, 10, 0.572, 0.972, true}, // 1.3911 ± 0.7408
		{"downwards", -0.8834, 10, -0.972, -0.572, true},
		{"four points", 0.99, 4, 0.5959, 0.9998, true}, // 2.6467 ± 1.9600
		{"103 points", 0.5, 103, 0.339, 0.632, true},   // 0.5493 ± 0.1960
		{"on a line", 1, 5, 1, 1, true},
		{"on a line, rounded", 1.0000000000000002, 5, 1, 1, true},
		{"none", math.NaN(), 10, 0, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			low, high, ok := stat.PearsonInterval(test.r, test.n)
			if ok != test.ok || math.Abs(low-test.low) > 0.0006 || math.Abs(high-test.high) > 0.0006 {
				t.Errorf("%.4f to %.4f, %t; want %.4f to %.4f, %t", low, high, ok, test.low, test.high, test.ok)
			}
		})
	}
}
