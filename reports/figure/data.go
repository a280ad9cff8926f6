package figure

import (
	"strings"

	"coldstart/reports/result"
)

// Kind is the way a figure is drawn.
type Kind string

// The kinds of the paper's figures.
const (
	Trend      Kind = "trend"      // a bar a model, with an inset of the metric over x
	Ratio      Kind = "ratio"      // a bar a step: second role over first
	Stack      Kind = "stack"      // one bar made of its steps
	Bars       Kind = "bars"       // one bar a release
	Groups     Kind = "groups"     // bars grouped by model, a series a loader
	Heatmap    Kind = "heatmap"    // cores × time
	Prediction Kind = "prediction" // predicted beside measured, a group a model
)

// Data is what one figure shows: numbers and words, no geometry. It is what
// data/figure<N>.json holds, and all that a chart needs.
type Data struct {
	Figure    string            `json:"figure"` // the paper's number, such as "7"
	Name      string            `json:"name"`   // file name without ending, such as "figure7" or "figure7-n2"
	Kind      Kind              `json:"kind"`
	Title     string            `json:"title"`
	Engine    string            `json:"engine"`             // what the numbers came from: as in result.Origin
	Session   string            `json:"session"`            // which measuring session they came from, or directory of logs
	Nodes     map[string]string `json:"nodes"`              // role to node; a figure without roles has the role ""
	StandIn   bool              `json:"stand_in,omitempty"` // the models had their shapes, and random weights
	Complete  bool              `json:"complete"`
	Missing   []string          `json:"missing,omitempty"`    // what is missing, a sentence each
	NotLogged []string          `json:"not_logged,omitempty"` // labels of steps that no log tells of, as of a release or a machine that has none
	XLabel    string            `json:"x_label,omitempty"`    // axis title with its unit
	YLabel    string            `json:"y_label,omitempty"`    // axis title with its unit
	Series    []Series          `json:"series,omitempty"`
	Fit       *Fit              `json:"fit,omitempty"`     // kind trend only
	Heatmap   *Samples          `json:"heatmap,omitempty"` // kind heatmap only
	RMSE      *float64          `json:"rmse,omitempty"`    // kind prediction only, of the published method, in seconds

	// Kind prediction only: the error of the series Cross-validated, in seconds, and
	// how the method does on all models that it learns from.
	RMSECrossValidated *float64         `json:"rmse_cross_validated,omitempty"`
	CrossValidation    *CrossValidation `json:"cross_validation,omitempty"`
}

// CrossValidation is how far off a method is that predicts each model from the others.
type CrossValidation struct {
	By      string   `json:"by"`                  // the facts that it predicts from, in words
	Models  int      `json:"models"`              // how many were left out in turn
	RMSE    float64  `json:"rmse"`                // root mean square error, seconds
	Percent float64  `json:"percent"`             // mean absolute error, percent of the start-up
	Aside   []string `json:"set_aside,omitempty"` // models not learnt from and why, a clause each
}

// Origin says how the numbers came to be.
func (d *Data) Origin() result.Origin { return result.Origin{Engine: d.Engine, Session: d.Session} }

// InARow are the sentences of what is missing as they stand in a row: the cell that
// several are of is named by the first of them.
func (d *Data) InARow() []string {
	row, last := make([]string, len(d.Missing)), ""
	for i, sentence := range d.Missing {
		row[i] = sentence
		cell, what, of := strings.Cut(sentence, ": ")
		if of && cell == last {
			row[i] = what
		}
		last = cell
	}
	return row
}

// Series is one row of points, in the order drawn. A figure with one series
// leaves its name empty.
type Series struct {
	Name   string  `json:"name"`
	Points []Point `json:"points"`
}

// Point is one bar, one segment of a stack, or one dot of an inset.
type Point struct {
	Key      string   `json:"key"`                // model, step or release, as the catalogue writes it
	Label    string   `json:"label"`              // the same for people
	X        *float64 `json:"x,omitempty"`        // kind trend: the value on the inset's x axis
	Mean     float64  `json:"mean"`               // seconds, or a ratio
	StdErr   *float64 `json:"stderr,omitempty"`   // standard error of Mean, absent where N < 2
	N        int      `json:"n"`                  // how many values Mean is the mean of
	Resource string   `json:"resource,omitempty"` // kind stack: "CPU" or "GPU", what dominates the step
	Total    bool     `json:"total,omitempty"`    // kind ratio: the total, which stands apart
	Rest     bool     `json:"rest,omitempty"`     // kind stack: the part of the start-up that is in none of the steps; no step itself
}

// Fit is the least-squares line of the points' means over their x.
type Fit struct {
	Slope     float64  `json:"slope"`     // seconds per unit of x
	Intercept float64  `json:"intercept"` // seconds
	Pearson   float64  `json:"pearson"`   // correlation coefficient, -1 … 1
	Excluded  []string `json:"excluded"`  // keys of points that are drawn but not fitted
}

// Samples are utilisations of every core, taken at a steady interval.
type Samples struct {
	Interval float64     `json:"interval_s"` // seconds from one sample to the next, typically 0.1
	Cores    [][]float64 `json:"cores"`      // percent, 0 … 100: Cores[core][sample]
}
