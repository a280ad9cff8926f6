package reproduction

import (
	"fmt"
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/testkit"
)

func TestCompare(t *testing.T) {
	tests := map[string]struct {
		kind       figure.Kind
		own, paper string
		want       string // the change, how certain it is, and whether it counts as moved
	}{
		"the same":                    {figure.Trend, "a 2±0.01/5, b 4±0.01/5", "a 2±0.01/5, b 4±0.01/5", "×1.00 (0.99 to 1.01, 2 points) still"},
		"slower":                      {figure.Trend, "a 3±0.01/5, b 6±0.01/5", "a 2±0.01/5, b 4±0.01/5", "×1.50 (1.49 to 1.51, 2 points) moved"},
		"faster":                      {figure.Trend, "a 1±0.01/5", "a 2±0.01/5", "×0.50 (0.49 to 0.51, 1 point) moved"},
		"no more than noise":          {figure.Trend, "a 2.2±0.1/5", "a 2±0.1/5", "×1.10 (0.94 to 1.29, 1 point) still"},
		"more points, less noise":     {figure.Trend, "a 2.2±0.1/5, b 2.2±0.1/5, c 2.2±0.1/5, d 2.2±0.1/5", "a 2±0.1/5, b 2±0.1/5, c 2±0.1/5, d 2±0.1/5", "×1.10 (1.03 to 1.18, 4 points) moved"},
		"surely, but too little":      {figure.Trend, "a 2.01±0.0001/5", "a 2±0.0001/5", "×1.00 (1.00 to 1.01, 1 point) still"},
		"up and down":                 {figure.Trend, "a 4±0.01/5, b 1±0.01/5", "a 2±0.01/5, b 2±0.01/5", "×1.00 (0.99 to 1.01, 2 points) still"},
		"exact":                       {figure.Trend, "a 2.2±0/5", "a 2±0/5", "×1.10 (1.10 to 1.10, 1 point) moved"},
		"single values, little":       {figure.Bars, "a 2.1/1", "a 2/1", "×1.05 (noise unknown: single values, 1 point) still"},
		"single values, much":         {figure.Bars, "a 2.3/1", "a 2/1", "×1.15 (noise unknown: single values, 1 point) moved"},
		"one iteration, much":         {figure.Trend, "a 2.3/1", "a 2±0.01/5", "×1.15 (noise unknown: single values, 1 point) moved"},
		"one iteration, little":       {figure.Trend, "a 2.1/1", "a 2±0.01/5", "×1.05 (noise unknown: single values, 1 point) still"},
		"one iteration of one model":  {figure.Trend, "a 2.2/1, b 2.2±0.1/5", "a 2±0.01/5, b 2±0.01/5", "×1.10 (0.96 to 1.26, 2 points) still"},
		"only common points":          {figure.Trend, "a 3±0.01/5, mine 9±0.01/5", "a 2±0.01/5, its 1±0.01/5", "×1.50 (1.48 to 1.52, 1 point) moved"},
		"no common points":            {figure.Trend, "mine 9±0.01/5", "its 1±0.01/5", "nothing"},
		"no points":                   {figure.Heatmap, "", "", "nothing"},
		"nothing to divide":           {figure.Trend, "a 0±0/5, b 2±0/5", "a 2±0/5, b 0±0/5", "nothing"},
		"ratios, by their total":      {figure.Ratio, "a 3±0.1/11, total 1.2±0.01/11", "a 1±0.1/11, total 1±0.01/11", "×1.20 (1.17 to 1.23, 2 points) moved"},
		"ratios without a total":      {figure.Ratio, "a 3±0.03/11, b 1.5±0.01/11", "a 2±0.02/11, b 1±0.01/11", "×1.50 (1.47 to 1.53, 2 points) moved"},
		"a stack, by its sum":         {figure.Stack, "a 0.02±0/5, b 10±0.1/5", "a 0.01±0/5, b 10±0.1/5", "×1.00 (0.97 to 1.03, 2 points) still"},
		"a stack, a long step more":   {figure.Stack, "a 0.01±0/5, b 12±0.1/5", "a 0.01±0/5, b 10±0.1/5", "×1.20 (1.16 to 1.24, 2 points) moved"},
		"a stack, by its steps alone": {figure.Stack, "a 0.01±0/5, b 12±0.1/5, rest 9/5", "a 0.01±0/5, b 10±0.1/5, rest 1/5", "×1.20 (1.16 to 1.24, 2 points) moved"},
		"a stack of nothing but rest": {figure.Stack, "rest 9/5", "rest 1/5", "nothing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			own := &figure.Data{Kind: test.kind, Series: []figure.Series{testkit.Series(t, test.own)}}
			paper := &figure.Data{Kind: test.kind, Series: []figure.Series{testkit.Series(t, test.paper)}}
			got := "nothing"
			if c, ok := Compare(own, paper); ok {
				verdict := "still"
				if c.Moved() {
					verdict = "moved"
				}
				got = fmt.Sprintf("%v (%s) %s", &c, c.Certainty(), verdict)
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Figures without a point's noise are compared by the one number that they have.
func TestCompareOneNumber(t *testing.T) {
	cores := func(percent ...float64) *figure.Data {
		return &figure.Data{Kind: figure.Heatmap, Heatmap: &figure.Samples{Cores: [][]float64{percent, percent}}}
	}
	predictions := func(predicted, truth string) *figure.Data {
		d := &figure.Data{Kind: figure.Prediction, Series: []figure.Series{testkit.Series(t, predicted), testkit.Series(t, truth)}}
		d.Series[0].Name, d.Series[1].Name = figure.Predicted, figure.Truth
		return d
	}
	rest := &figure.Data{Kind: figure.Stack, Series: []figure.Series{testkit.Series(t, "a 4±0/5, rest 9/5")}}
	rest.Series[0].Points[1].Rest = true
	tests := map[string]struct {
		here, paper *figure.Data
		want        string
	}{
		"busy cores":          {cores(100, 50), cores(50, 50), "busy cores 1.50 for 1.00: ×1.50, noise unknown: a single run"},
		"idle cores":          {cores(100), cores(0), "nothing"},
		"no samples":          {cores(), cores(50), "nothing"},
		"predictions":         {predictions("m 9/1, n 9/1", "m 10/5, n 10/5"), predictions("n 8/1, o 1/1", "n 10/5, o 9/5"), "RMSE 1.00 for 2.00: ×0.50, noise unknown: errors over the same models, of which no run repeats, 1 point"},
		"no common one":       {predictions("m 9/1", "m 10/5"), predictions("n 8/1", "n 10/5"), "nothing"},
		"the rest is no step": {rest, rest, "sum of the steps 4.00 for 4.00: ×1.00, 1.00 to 1.00, 1 point"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := "nothing"
			if c, ok := Compare(test.here, test.paper); ok {
				got = fmt.Sprintf("%s %.2f for %.2f: %v, %s", c.Quantity, c.Here, c.Paper, &c, c.Certainty())
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestCompareKeepsSeriesApart(t *testing.T) {
	own, paper := testkit.Series(t, "a 2±0/5"), testkit.Series(t, "a 1±0/5")
	own.Name, paper.Name = "predicted", "truth"
	c, ok := Compare(&figure.Data{Kind: figure.Groups, Series: []figure.Series{own}}, &figure.Data{Kind: figure.Groups, Series: []figure.Series{paper}})
	if ok {
		t.Errorf("compared across series: %+v", c)
	}
	if _, ok := Compare(&figure.Data{Kind: figure.Groups, Series: []figure.Series{own}}, nil); ok {
		t.Error("compared with no figure")
	}
}
