package figure

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// Data is what one figure shows: numbers and words, no geometry. data/figure<N>.json
// holds it, and a chart needs nothing else.
type Data struct {
	Figure    string            `json:"figure"` // the paper's number, such as "7", or the name of a lab's own
	Name      string            `json:"name"`   // file name without ending, such as "figure7" or "figure7-n2"
	Kind      Kind              `json:"kind"`
	Title     string            `json:"title"`
	Engine    string            `json:"engine"`             // the origin of the numbers, as in result.Origin
	Session   string            `json:"session"`            // of the measurement, or the directory of the logs
	Served    bool              `json:"served,omitempty"`   // the engine served, as in result.Origin
	Nodes     map[string]string `json:"nodes"`              // side ("gpu0") to node; a figure without sides has the key ""
	StandIn   bool              `json:"stand_in,omitempty"` // the models had random weights
	Complete  bool              `json:"complete"`
	Missing   []string          `json:"missing,omitempty"`    // one sentence per missing part
	NotLogged []string          `json:"not_logged,omitempty"` // labels of steps that no log has
	XLabel    string            `json:"x_label,omitempty"`    // axis title with its unit
	YLabel    string            `json:"y_label,omitempty"`    // axis title with its unit
	Series    []Series          `json:"series,omitempty"`
	Fit       *Fit              `json:"fit,omitempty"`     // of a trend
	Heatmap   *Samples          `json:"heatmap,omitempty"` // of a heatmap
	RMSE      *float64          `json:"rmse,omitempty"`    // of a prediction by the published method, seconds

	// Of a prediction: the error of the series Cross-validated in seconds, and the
	// errors over all models that the method was trained on.
	RMSECrossValidated *float64         `json:"rmse_cross_validated,omitempty"`
	CrossValidation    *CrossValidation `json:"cross_validation,omitempty"`
}

// Number is the paper's number or the name of a lab's own figure, with the node if it is not
// the default node: "7", "7-n2", "loaders".
func (d *Data) Number() string {
	return strings.TrimPrefix(strings.TrimPrefix(d.Name, "figure"), "-")
}

// Heading is the title, behind the paper's number of a figure that is one of the paper's.
func (d *Data) Heading(number, gap string) string {
	if d.Kind == Segments {
		return d.Title
	}
	return "Figure " + number + gap + d.Title
}

// Origin says where the numbers come from.
func (d *Data) Origin() result.Origin {
	return result.Origin{Engine: d.Engine, Session: d.Session, Served: d.Served}
}

// InARow are the sentences of Missing for one line. Consecutive sentences about the same job
// name it once, and three or more configurations with the same iterations are only counted.
func (d *Data) InARow() (row []string) {
	last := ""
	for rest := d.Missing; len(rest) > 0; {
		cell, says, of := strings.Cut(rest[0], ": ")
		if !of {
			cell, says = "", rest[0]
		}
		n := alike(rest)
		if n >= 3 {
			says = fmt.Sprintf("%d configurations have %s", n, iterations.FindStringSubmatch(rest[0])[2])
		} else {
			n = 1
		}
		if of && cell != last {
			says = cell + ": " + says
		}
		row, rest, last = append(row, says), rest[n:], cell
	}
	return row
}

// iterations matches what counted says of a configuration: the job, and what it has.
var iterations = regexp.MustCompile(`^(\S+): \S+ has (\d+ of \d+ iterations?.*)$`)

// alike is how many sentences from the first on tell the same number of iterations of the same
// job, of one configuration each; 0 if the first does not.
func alike(sentences []string) (n int) {
	first := iterations.FindStringSubmatch(sentences[0])
	for first != nil && n < len(sentences) {
		next := iterations.FindStringSubmatch(sentences[n])
		if next == nil || !slices.Equal(next[1:], first[1:]) {
			break
		}
		n++
	}
	return n
}

// Series is a list of points, in the order drawn. If a figure has only one series, its
// name is empty.
type Series struct {
	Name   string  `json:"name"`
	Points []Point `json:"points"`
}

// Point is a bar, a segment of a stack, or a dot of an inset.
type Point struct {
	Key      string   `json:"key"`                // of the model, step or release
	Label    string   `json:"label"`              // the key's text for people
	X        *float64 `json:"x,omitempty"`        // of a trend: the value on the inset's x axis
	Mean     float64  `json:"mean"`               // seconds, or a ratio
	StdErr   *float64 `json:"stderr,omitempty"`   // standard error of Mean; absent if N < 2
	N        int      `json:"n"`                  // number of values behind Mean
	Resource string   `json:"resource,omitempty"` // of a stack: "CPU" or "GPU", whichever dominates the step
	Total    bool     `json:"total,omitempty"`    // of a ratio: the total, which is drawn apart
	Rest     bool     `json:"rest,omitempty"`     // of a stack: the time that is in no step
}

// Point finds a point by its series and key. A nil figure has no points.
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

// Points are the points of all series.
func (d *Data) Points() (all []Point) {
	for _, s := range d.Series {
		all = append(all, s.Points...)
	}
	return all
}

// Empty reports that there is nothing to draw.
func (d *Data) Empty() bool {
	return len(d.Points()) == 0 && (d.Heatmap == nil || len(d.Heatmap.Cores) == 0)
}

// Place names the nodes that a figure was measured on: "n1", or "gpu0 n1, gpu1 n2" for a
// figure that compares two sides.
func (d *Data) Place() string {
	if node, ok := d.Nodes[""]; ok {
		return node
	}
	var sides []string
	for _, role := range slices.Sorted(maps.Keys(d.Nodes)) {
		if node := d.Nodes[role]; role == node {
			sides = append(sides, node)
		} else {
			sides = append(sides, role+" "+node)
		}
	}
	return strings.Join(sides, ", ")
}
