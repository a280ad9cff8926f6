package reproduction

import (
	"fmt"
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/testkit"
)

// By hand, with Student's t of 12.706, 4.303 and 2.228 at 1, 2 and 10 degrees of freedom.
func TestQuantities(t *testing.T) {
	series := func(name, points string) figure.Series {
		s := testkit.Series(t, points)
		s.Name = name
		return s
	}
	fit := func(r float64, excluded ...string) *figure.Fit { return &figure.Fit{Pearson: r, Excluded: excluded} }
	tests := map[string]struct {
		quantity string
		of       []string
		data     figure.Data
		want     string // value, interval or why there is none, basis; or what is missing
	}{
		"pearson": {"pearson", nil, figure.Data{Fit: fit(0.9), Series: []figure.Series{series("", "a 1/5, b 2/5, c 3/5, d 4/5, e 5/5")}},
			"0.900 (0.086 to 0.993) of 5 points"}, // tanh(1.472 ± 1.386)
		"pearson without those that are excluded": {"pearson", nil, figure.Data{Fit: fit(0.9, "d", "e"), Series: []figure.Series{series("", "a 1/5, b 2/5, c 3/5, d 4/5, e 5/5")}},
			"0.900 (fewer than four points) of 3 points"},
		"pearson without a line": {"pearson", nil, figure.Data{Series: []figure.Series{series("", "a 1/5")}},
			"no line can be fitted to 1 point"},
		"a step's ratio": {"step_ratio", []string{"total"}, figure.Data{Series: []figure.Series{series("", "a 9±1/11, total 2±0.02/11")}},
			"2.000 (1.956 to 2.045) of 11 models"}, // 2 × e^±(2.228 × 0.01)
		"a step's ratio of one model": {"step_ratio", []string{"total"}, figure.Data{Series: []figure.Series{series("", "total 2/1")}},
			"2.000 (a single model) of 1 model"},
		"a step's ratio that nobody has": {"step_ratio", []string{"total"}, figure.Data{Series: []figure.Series{series("", "a 2/1")}},
			"no model has total on both sides"},
		"a ratio of series": {"series_ratio", []string{"x", "y"}, figure.Data{Series: []figure.Series{series("y", "m 4±0/5, n 1±0/5, o 1±0/5"), series("x", "m 1±0/5, n 1±0/5")}},
			"0.500 (0.500 to 0.500) of 2 models"},
		"a ratio of series of single values": {"series_ratio", []string{"x", "y"}, figure.Data{Series: []figure.Series{series("y", "m 4/1"), series("x", "m 1/1")}},
			"0.250 (single values) of 1 model"},
		"a ratio of series without a common model": {"series_ratio", []string{"x", "y"}, figure.Data{Series: []figure.Series{series("y", "m 4/1"), series("x", "n 1/1")}},
			"no model was measured with both x and y"},
		"busy cores": {"busy_cores", nil, figure.Data{Heatmap: &figure.Samples{Cores: [][]float64{{100, 50}, {0, 50}}}},
			"1.000 (a single run) of 2 cores"},
		"busy cores without samples": {"busy_cores", nil, figure.Data{}, "the cores were not sampled"},
		"an error of predictions": {"prediction_error", nil, figure.Data{Series: []figure.Series{series("Predicted", "m 9/1, n 8/1, o 7/1, p 9/1"), series("Truth", "m 10/5, n 10/5, o 10/5")}},
			"20.000 (-4.841 to 44.841) of 3 models"}, // ± 4.303 × 10 / √3
		"an error of one prediction": {"prediction_error", nil, figure.Data{Series: []figure.Series{series("Predicted", "m 11/1"), series("Truth", "m 10/5")}},
			"10.000 (a single model) of 1 model"},
		"an error of no prediction": {"prediction_error", nil, figure.Data{}, "no model has a value"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, got := quantities[test.quantity].estimate(&evidence{data: &test.data}, test.of)
			if got == "" {
				interval := e.Blind
				if e.Interval != nil {
					interval = fmt.Sprintf("%.3f to %.3f", e.Interval.Low, e.Interval.High)
				}
				got = fmt.Sprintf("%.3f (%s) of %s", e.Value, interval, e.Basis)
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
