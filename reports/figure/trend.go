package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
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
		p := point(c.Model, m.Label, values)
		if s.spec.X == batchSizes {
			p.Key, p.Label = c.ID, fmt.Sprint(c.BatchSizes)
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

// batchSizes is the only x that belongs to a configuration instead of a model.
const batchSizes = "batch_sizes"

func xValue(x string, m *result.Model, c result.Configuration) (float64, error) {
	value := 0.0
	switch x {
	case "size_b":
		value = m.SizeB
	case "tokenizer_mb":
		value = m.TokenizerMB
	case "compiled_graph_kb":
		value = m.CompiledGraphKB
	case batchSizes:
		value = float64(c.BatchSizes)
	default:
		return 0, fmt.Errorf("unknown x %q", x)
	}
	if value == 0 {
		return 0, fmt.Errorf("%s of %s is unknown", x, c.ID)
	}
	return value, nil
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
		d.XLabel, significant(d.Fit.Slope), significant(d.Fit.Intercept), significant(d.Fit.Pearson))
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
