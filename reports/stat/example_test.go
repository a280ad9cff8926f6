package stat_test

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

func ExampleSummarize() {
	s := stat.Summarize([]float64{10, 11, 12, 11})
	fmt.Printf("%.2f ± %.2f s of %d\n", s.Mean, s.StdErr, s.N)
	// Output:
	// 11.00 ± 0.41 s of 4
}

func ExampleFit() {
	sizes, seconds := []float64{1, 2, 4}, []float64{3, 5, 9}
	line, ok := stat.Fit(sizes, seconds)
	fmt.Println(ok, line.Intercept, line.Slope, line.At(8))
	// Output:
	// true 1 2 17
}

// A sum is computed again from the means of its parts. The two runs state 3 and 5 seconds,
// but their parts average to 1.5 and 2 seconds. A phase that no run has is absent.
func ExampleAverage() {
	var runs [2]phase.Times
	for i, seconds := range []struct{ init, load, both float64 }{{1, 2, 3}, {2, 2, 5}} {
		runs[i].Set(phase.ModelInit, seconds.init)
		runs[i].Set(phase.LoadWeights, seconds.load)
		runs[i].Set(phase.ModelLoading, seconds.both)
	}
	average := stat.Average(runs[:])
	fmt.Println(average.Get(phase.ModelLoading))
	fmt.Println(average.Get(phase.TokenizerInit))
	// Output:
	// 3.5 true
	// 0 false
}
