package stat_test

import (
	"math"
	"testing"

	"coldstart/reports/stat"
)

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
