package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
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

// newTrend makes one bar per model, with an inset of the same means over x.
func newTrend(d *figure.Data) body {
	points := d.Points()
	texts, title := trendLabels(points, d.XTitle())
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

// trendLabels are the labels of the bars and the axis title. A label contains x, either
// in its name ("Yi-6B") or in brackets after it.
func trendLabels(points []figure.Point, xLabel string) (texts []string, title string) {
	texts = labels(points)
	switch {
	case !slices.ContainsFunc(points, isNotX):
		return texts, xLabel
	case !slices.ContainsFunc(points, hidesX):
		return texts, ""
	}
	for i, p := range points {
		if p.X != nil {
			texts[i] += " (" + strconv.FormatFloat(*p.X, 'g', 5, 64) + ")"
		}
	}
	return texts, "Model (" + inBrackets(xLabel) + ")"
}

// inBrackets is an axis title within brackets: "tokenizer size, MB" for "Tokenizer Size (MB)".
func inBrackets(title string) string {
	name, unit, found := strings.Cut(strings.TrimSuffix(title, ")"), " (")
	if name = strings.ToLower(name); !found {
		return name
	}
	return name + ", " + unit
}

// isNotX reports that a point's label is more than the number x.
func isNotX(p figure.Point) bool {
	v, err := strconv.ParseFloat(p.Label, 64)
	return err != nil || p.X == nil || v != *p.X
}

// hidesX reports that no number in a point's label is within a tenth of x.
func hidesX(p figure.Point) bool {
	numbers := strings.FieldsFunc(p.Label, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	return p.X != nil && !slices.ContainsFunc(numbers, func(n string) bool {
		v, err := strconv.ParseFloat(n, 64)
		return err == nil && math.Abs(v-*p.X) <= *p.X/10
	})
}
