package figure

import (
	"maps"
	"slices"
	"strings"

	"coldstart/reports/result"
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
	NotLogged []string          `json:"not_logged,omitempty"` // labels of steps that no log tells of
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

// Number is the paper's number, with the node where that is not the default one: "7" or
// "7-n2".
func (d *Data) Number() string { return strings.TrimPrefix(d.Name, "figure") }

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
	Rest     bool     `json:"rest,omitempty"`     // kind stack: no step, but what is in none of the steps
}

// Point finds a point by its series and key. No figure has none.
func (d *Data) Point(series, key string) (Point, bool) {
	if d == nil {
		return Point{}, false
	}
	for _, s := range d.Series {
		for _, p := range s.Points {
			if s.Name == series && p.Key == key {
				return p, true
			}
		}
	}
	return Point{}, false
}

// Points are those of all series.
func (d *Data) Points() (all []Point) {
	for _, s := range d.Series {
		all = append(all, s.Points...)
	}
	return all
}

// Empty tells that there is nothing to draw.
func (d *Data) Empty() bool {
	return len(d.Points()) == 0 && (d.Heatmap == nil || len(d.Heatmap.Cores) == 0)
}

// Place names the nodes that a figure was measured on: "n1", or "gpu0 n1, gpu1
// n2" for a figure with roles.
func (d *Data) Place() string {
	if node, ok := d.Nodes[""]; ok {
		return node
	}
	var sides []string
	for _, role := range slices.Sorted(maps.Keys(d.Nodes)) {
		sides = append(sides, role+" "+d.Nodes[role])
	}
	return strings.Join(sides, ", ")
}
