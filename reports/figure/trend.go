package figure

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// Trend has one bar per model, and an inset of the metric over x.
const Trend Kind = "trend"

func init() {
	kinds[Trend] = kind{
		build:     buildTrend,
		headline:  trendHeadline,
		caption:   trendCaption,
		numbers:   rowPerPoint("Model"),
		common:    commonPoints,
		unit:      "s",
		hasMetric: true, anyModels: true,
	}
}

// trendPoint is a point with its sort keys.
type trendPoint struct {
	Point
	size float64 // billions of parameters
	rank int     // in the paper's list of the figure's models
}

// buildTrend makes one bar per model: the mean of the metric over its iterations. Bars
// are ordered by x, then by model size. The least-squares line is over x.
func buildTrend(s *source) error {
	var points []trendPoint
	for _, c := range s.configurations("") {
		values := s.values(c, s.spec.Metric)
		if len(values) == 0 {
			continue
		}
		m := s.model(c.Model)
		x, err := xValue(s.spec.X, m, c)
		if err != nil {
			return err
		}
		if x == 0 {
			s.missing("%s of %s is unknown", s.spec.X, c.ID)
			continue
		}
		p := point(c.Model, m.Label, values)
		if ofConfiguration(s.spec.X) {
			p.Key, p.Label = c.ID, s.labelAt(m, x)
		}
		p.X = &x
		points = append(points, trendPoint{Point: p, size: m.SizeB, rank: slices.Index(s.spec.Models, c.Model)})
	}
	slices.SortStableFunc(points, func(a, b trendPoint) int {
		return cmp.Or(cmp.Compare(*a.X, *b.X), cmp.Compare(a.size, b.size), cmp.Compare(a.rank, b.rank))
	})
	series := Series{}
	for _, p := range points {
		series.Points = append(series.Points, p.Point)
	}
	s.data.Series = []Series{series}
	s.data.Fit = fitPoints(series.Points, s.spec.ExcludedFit)
	return nil
}

// labelAt labels a bar of a configuration by its x, and by its model if there are several.
func (s *source) labelAt(m *result.Model, x float64) string {
	label := strconv.FormatFloat(x, 'g', -1, 64)
	if len(s.spec.Models) > 1 {
		label = m.Label + ", " + label
	}
	return label
}

// batchSizes is the x that is computed from a configuration's arguments.
const batchSizes = "batch_sizes"

// modelFacts are the values of x that belong to a model; 0 is unknown.
var modelFacts = map[string]func(*result.Model) float64{
	"size_b":            func(m *result.Model) float64 { return m.SizeB },
	"weights_gib":       func(m *result.Model) float64 { return m.WeightsGiB },
	"tokenizer_mb":      func(m *result.Model) float64 { return m.TokenizerMB },
	"compiled_graph_kb": func(m *result.Model) float64 { return m.CompiledGraphKB },
	"layers":            func(m *result.Model) float64 { return float64(m.Layers) },
}

// XFacts are the names of the facts that may be the x of a trend, besides engine arguments.
func XFacts() []string { return append(slices.Sorted(maps.Keys(modelFacts)), batchSizes) }

// ofConfiguration reports whether an x differs between configurations of one model.
func ofConfiguration(x string) bool { return modelFacts[x] == nil }

// xValue is a fact of a model, the number of captured batch sizes, or the value of an engine
// argument; 0 if it is unknown.
func xValue(x string, m *result.Model, c result.Configuration) (float64, error) {
	if fact := modelFacts[x]; fact != nil {
		return fact(m), nil
	}
	if x == batchSizes {
		return float64(c.BatchSizes), nil
	}
	value, err := strconv.ParseFloat(argument(&c, x), 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return 0, fmt.Errorf("unknown x %q", x)
	}
	return value, nil
}

// argument is the value of an engine argument; empty if the configuration has none.
func argument(c *result.Configuration, name string) (value string) {
	for _, arg := range c.Args {
		if arg.Name == name {
			value = arg.Value
		}
	}
	return value
}

// fitPoints fits a line to the means of the points that are not excluded; nil if there
// is no such line.
func fitPoints(points []Point, excluded []string) *Fit {
	var x, y []float64
	fit := &Fit{Excluded: []string{}}
	for _, p := range points {
		if slices.Contains(excluded, p.Key) {
			fit.Excluded = append(fit.Excluded, p.Key)
			continue
		}
		x, y = append(x, *p.X), append(y, p.Mean)
	}
	line, ok := stat.Fit(x, y)
	if !ok || math.IsNaN(line.Pearson) {
		return nil
	}
	fit.Slope, fit.Intercept, fit.Pearson = line.Slope, line.Intercept, line.Pearson
	return fit
}

func trendHeadline(d *Data) string {
	if d.Fit == nil {
		return d.rangeWords()
	}
	return fmt.Sprintf("%s, r = %.2f", d.rangeWords(), d.Fit.Pearson)
}

func trendCaption(d *Data) string {
	return fmt.Sprintf("Each bar is the %s.%s", d.meanOver("iterations"), d.fitted())
}

// fitted describes the inset; empty without a fit.
func (d *Data) fitted() string {
	if d.Fit == nil {
		return ""
	}
	s := fmt.Sprintf(" The inset shows the same means over %s, with the least-squares line "+
		"(slope %s, intercept %s, Pearson's r = %s).",
		d.XTitle(), significant(d.Fit.Slope), significant(d.Fit.Intercept), significant(d.Fit.Pearson))
	if out := d.excluded(); len(out) > 0 {
		s += " Drawn hollow and not fitted: " + strings.Join(out, ", ") + "."
	}
	return s
}

// excluded are the labels of the points that are not fitted.
func (d *Data) excluded() (labels []string) {
	for _, p := range d.Points() {
		if slices.Contains(d.Fit.Excluded, p.Key) {
			labels = append(labels, p.Label)
		}
	}
	return labels
}

// Fit is the least-squares line of the points' means over x.
type Fit struct {
	Slope     float64  `json:"slope"`     // seconds per unit of x
	Intercept float64  `json:"intercept"` // seconds
	Pearson   float64  `json:"pearson"`   // correlation coefficient, -1 … 1
	Excluded  []string `json:"excluded"`  // keys of points that are drawn but not fitted
}
