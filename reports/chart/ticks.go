package chart

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// ticks marks an axis at about n round numbers.
func ticks(n int) plot.TickerFunc {
	return func(low, high float64) []plot.Tick {
		step := roundStep((high - low) / float64(n))
		digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
		if frac := step * math.Pow10(digits); math.Abs(frac-math.Round(frac)) > 1e-6 {
			digits++ // a step of 2.5 has one more digit than its power of ten
		}
		var marks []plot.Tick
		for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9; i++ {
			value := i*step + 0 // no "-0"
			marks = append(marks, plot.Tick{Value: value, Label: strconv.FormatFloat(value, 'f', digits, 64)})
		}
		return marks
	}
}

// roundStep is the smallest step ≥ raw that is 1, 2, 2.5 or 5 times a power of ten.
func roundStep(raw float64) float64 {
	if raw <= 0 || !finite(raw) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= raw*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}
