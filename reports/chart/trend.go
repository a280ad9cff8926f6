package chart

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"coldstart/reports/figure"
)

func init() { layouts[figure.Trend] = layout{checkTrend, newTrend} }

func checkTrend(d *figure.Data) error {
	if f := d.Fit; f != nil && !finite(f.Slope, f.Intercept, f.Pearson) {
		return fmt.Errorf("the fitted line is not finite: slope %v, intercept %v, r %v", f.Slope, f.Intercept, f.Pearson)
	}
	return checkPoints(d)
}

// newTrend is a bar a model, with an inset that shows the same means over what
// they depend on.
func newTrend(d *figure.Data) body {
	points := d.Points()
	texts, title := trendLabels(points, d.XLabel)
	g := &bargraph{
		bars:  plainBars(points, ownColor),
		slots: newSlots(texts, inOrder(len(points))),
		x:     title,
		y:     d.YLabel,
		inset: newInset(d),
	}
	return g.settled()
}

func ownColor(p figure.Point) color.Color { return modelColor(p.Key) }

// trendLabels are the words under the bars and the axis title. The words tell
// x, by themselves ("Yi-6B" a size) or with x behind them.
func trendLabels(points []figure.Point, xLabel string) (texts []string, title string) {
	texts = labels(points)
	switch {
	case all(points, isX):
		return texts, xLabel
	case all(points, tellsX):
		return texts, ""
	}
	for i, p := range points {
		if p.X != nil {
			texts[i] += " (" + strconv.FormatFloat(*p.X, 'g', 5, 64) + ")"
		}
	}
	return texts, "Model, in brackets: " + xLabel
}

func all(points []figure.Point, has func(figure.Point) bool) bool {
	for _, p := range points {
		if !has(p) {
			return false
		}
	}
	return true
}

// isX tells whether a point's label is its x and nothing else.
func isX(p figure.Point) bool {
	v, err := strconv.ParseFloat(p.Label, 64)
	return err == nil && p.X != nil && v == *p.X
}

// tellsX tells whether a point's label holds its x, give or take a tenth.
func tellsX(p figure.Point) bool {
	if p.X == nil {
		return true
	}
	numbers := strings.FieldsFunc(p.Label, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	for _, n := range numbers {
		if v, err := strconv.ParseFloat(n, 64); err == nil && math.Abs(v-*p.X) <= *p.X/10 {
			return true
		}
	}
	return false
}
