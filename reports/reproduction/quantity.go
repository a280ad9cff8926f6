package reproduction

import (
	"maps"
	"math"
	"slices"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/table"
)

// Estimate is a quantity as measured.
type Estimate struct {
	Value    float64   `json:"value"`
	Interval *Interval `json:"interval,omitempty"`
	Blind    string    `json:"blind,omitempty"` // why there is no interval
	Basis    string    `json:"basis"`           // data behind it, such as "5 models"
}

// evidence is a figure with its results and its entry in the plan.
type evidence struct {
	results *result.Results
	spec    *result.Figure
	data    *figure.Data
}

// A quantity is a number that a figure has.
type quantity struct {
	of int // number of arguments
	// estimate computes it. If the figure does not have it, missing says why.
	estimate func(e *evidence, of []string) (estimate Estimate, missing string)
}

// quantities are the quantities of claims, by name.
var quantities = map[string]quantity{
	"cpu_share":        {0, cpuShare},        // %, time of CPU-dominated steps ÷ time of all steps
	"pearson":          {0, pearson},         // a trend's r, -1 … 1
	"step_ratio":       {1, stepRatio},       // of one step: second side ÷ first
	"series_ratio":     {2, seriesRatio},     // first series ÷ second
	"busy_cores":       {0, busyCores},       // mean number
	"prediction_error": {0, predictionError}, // %, mean of |predicted − measured| ÷ measured
}

func quantityNames() []string { return slices.Sorted(maps.Keys(quantities)) }

// cpuShare is the mean of the runs' own shares, with Student's interval.
func cpuShare(e *evidence, _ []string) (Estimate, string) {
	shares, err := figure.CPUShares(e.results, e.spec)
	if err != nil {
		return Estimate{}, err.Error()
	}
	return meanPercent(shares, "run")
}

// predictionError is the mean of the models' relative errors, with Student's interval.
func predictionError(e *evidence, _ []string) (Estimate, string) {
	var errors []float64
	for _, g := range e.data.Guesses(figure.Predicted) {
		errors = append(errors, math.Abs(g.Predicted-g.Truth)/g.Truth)
	}
	return meanPercent(errors, "model")
}

// meanPercent is the mean of shares in percent, with Student's interval.
func meanPercent(shares []float64, what string) (Estimate, string) {
	if len(shares) == 0 {
		return Estimate{}, "no " + what + " has a value"
	}
	estimate := Estimate{Value: 100 * stat.Summarize(shares).Mean, Basis: table.Count(len(shares), what)}
	if low, high, ok := stat.Interval(shares); ok {
		estimate.Interval = &Interval{100 * low, 100 * high}
	} else {
		estimate.Blind = "a single " + what
	}
	return estimate, ""
}

// pearson is a trend's correlation, with Fisher's interval.
func pearson(e *evidence, _ []string) (Estimate, string) {
	fitted := len(e.data.Points())
	if e.data.Fit == nil {
		return Estimate{}, "no line can be fitted to " + table.Count(fitted, "point")
	}
	fitted -= len(e.data.Fit.Excluded)
	estimate := Estimate{Value: e.data.Fit.Pearson, Basis: table.Count(fitted, "point")}
	if low, high, ok := stat.PearsonInterval(e.data.Fit.Pearson, fitted); ok {
		estimate.Interval = &Interval{low, high}
	} else {
		estimate.Blind = "fewer than four points"
	}
	return estimate, ""
}

// stepRatio is a bar of a ratio. Its noise is the spread between models.
func stepRatio(e *evidence, of []string) (Estimate, string) {
	bar, ok := e.data.Point("", of[0])
	if !ok || bar.Mean <= 0 {
		return Estimate{}, "no model has " + of[0] + " on both sides"
	}
	estimate := Estimate{Value: bar.Mean, Basis: table.Count(bar.N, "model")}
	noise := noise{}
	noise.add(bar)
	if half, known := half(&noise); known {
		estimate.Interval = around(bar.Mean, half)
	} else {
		estimate.Blind = "a single model"
	}
	return estimate, ""
}

// seriesRatio is the geometric mean of one series ÷ the other, over the models that both
// have. Its noise is that of the runs.
func seriesRatio(e *evidence, of []string) (Estimate, string) {
	first, second := oneSeries(e.data, of[0]), oneSeries(e.data, of[1])
	pairs := first.Pairs(second)
	if len(pairs) == 0 {
		return Estimate{}, "no model was measured with both " + of[0] + " and " + of[1]
	}
	estimate := Estimate{Basis: table.Count(len(pairs), "model")}
	estimate.Value, estimate.Interval = ratioOf(pairs)
	if estimate.Interval == nil {
		estimate.Blind = singleValues
	}
	return estimate, ""
}

// oneSeries is a figure with only one of the series, without its name.
func oneSeries(d *figure.Data, name string) *figure.Data {
	one := &figure.Data{}
	for _, s := range d.Series {
		if s.Name == name {
			one.Series = append(one.Series, figure.Series{Points: s.Points})
		}
	}
	return one
}

// busyCores is from a single run, so its variation between runs is unknown.
func busyCores(e *evidence, _ []string) (Estimate, string) {
	cores, ok := e.data.Heatmap.BusyCores()
	if !ok {
		return Estimate{}, "the cores were not sampled"
	}
	return Estimate{Value: cores, Blind: figure.SingleRun, Basis: table.Count(len(e.data.Heatmap.Cores), "core")}, ""
}
