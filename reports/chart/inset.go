package chart

import (
	"image/color"
	"math"
	"slices"
	"strings"

	"coldstart/reports/figure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	insetWidth  = vg.Length(132)
	insetHeight = vg.Length(82)
	insetMargin = vg.Length(6) // distance to the plot's frame
)

var insetInk = Letters(9)

// An inset is a small scatter plot of the means over x with the fitted line.
type inset struct {
	dots []dot
	fit  *figure.Fit
	x, y string // axis titles
}

type dot struct {
	x, y   float64
	key    string
	fitted bool
}

// newInset is nil if fewer than two points have an x.
func newInset(d *figure.Data) *inset {
	in := &inset{fit: d.Fit, x: d.XLabel, y: unit(d.YLabel)}
	for _, s := range d.Series {
		for _, p := range s.Points {
			if p.X != nil {
				fitted := d.Fit == nil || !slices.Contains(d.Fit.Excluded, p.Key)
				in.dots = append(in.dots, dot{x: *p.X, y: p.Mean, key: p.Key, fitted: fitted})
			}
		}
	}
	if len(in.dots) < 2 {
		return nil
	}
	return in
}

// unit shortens an axis title: "Time (s)" for "Loading Weights Time (s)".
func unit(title string) string {
	if i := strings.LastIndex(title, "("); i >= 0 {
		return "Time " + title[i:]
	}
	return ""
}

func (in *inset) box(area draw.Canvas, x vg.Length) vg.Rectangle {
	y := area.Max.Y - insetMargin
	return rect(x, y-insetHeight, x+insetWidth, y)
}

// remark is the inset's heading: Pearson's r, and a note if some dots are not fitted.
func (in *inset) remark() (r, note string) {
	if in.fit == nil {
		return "no fit", ""
	}
	if slices.ContainsFunc(in.dots, func(d dot) bool { return !d.fitted }) {
		note = "not fitted"
	}
	return "r = " + number(in.fit.Pearson), note
}

func (in *inset) draw(area draw.Canvas, x vg.Length) {
	box := in.box(area, x)
	fillRect(area, box, white)
	outline(area, stroke(0.5, grey), box)
	c := draw.Crop(draw.Canvas{Canvas: area.Canvas, Rectangle: box}, 3, -7, 3, -4)

	in.drawHead(c)
	in.plot().Draw(draw.Crop(c, 0, 0, 0, -11))
}

func (in *inset) drawHead(c draw.Canvas) {
	r, note := in.remark()
	at := vg.Point{X: c.Max.X, Y: c.Max.Y}
	if note != "" {
		insetInk.Draw(c, at, Right, Top, note)
		at.X -= insetInk.Width(note) + 5
		disc(c, vg.Point{X: at.X, Y: at.Y - insetInk.Height()/2}, white, stroke(1.2, grey))
	}
	insetInk.Bold().Draw(c, vg.Point{X: c.Min.X + 3, Y: c.Max.Y}, Left, Top, r)
}

func (in *inset) plot() *plot.Plot {
	p := axes(insetInk.cut(in.x, insetWidth-30), in.y, insetInk, insetInk)
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks(4), ticks(4)
	p.X.Label.Padding, p.Y.Label.Padding = 1, 1
	p.X.Tick.Length, p.Y.Tick.Length = 2, 2
	for _, d := range in.dots {
		p.X.Min, p.X.Max = min(p.X.Min, d.x), max(p.X.Max, d.x)
		p.Y.Min, p.Y.Max = min(p.Y.Min, d.y), max(p.Y.Max, d.y)
	}
	widen(&p.X)
	widen(&p.Y)
	p.Add(in)
	return p
}

// widen adds space around the data, also around a single value.
func widen(a *plot.Axis) {
	pad := (a.Max - a.Min) * 0.12
	if pad == 0 {
		pad = math.Abs(a.Min) * 0.1
	}
	if pad == 0 {
		pad = 1
	}
	a.Min, a.Max = a.Min-pad, a.Max+pad
}

// Plot draws the line and the dots.
func (in *inset) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	if in.fit != nil {
		ends := []vg.Point{}
		for _, at := range in.fitted() {
			ends = append(ends, vg.Point{X: x(at), Y: y(in.fit.Intercept + in.fit.Slope*at)})
		}
		c.StrokeLines(dashed(0.9, black), c.ClipLinesXY(ends)...)
	}
	for _, d := range in.dots {
		drawDot(c, vg.Point{X: x(d.x), Y: y(d.y)}, d)
	}
}

// fitted is the range of x over which the line was fitted; nil if it is empty.
func (in *inset) fitted() []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, d := range in.dots {
		if d.fitted {
			low, high = min(low, d.x), max(high, d.x)
		}
	}
	if low >= high {
		return nil
	}
	return []float64{low, high}
}

// drawDot draws a point in its model's colour: filled if it was fitted, else hollow.
func drawDot(c draw.Canvas, at vg.Point, d dot) {
	if d.fitted {
		disc(c, at, modelColor(d.key), stroke(0.4, black))
	} else {
		disc(c, at, white, stroke(1.2, modelColor(d.key)))
	}
}

func disc(c draw.Canvas, at vg.Point, fill color.Color, edge draw.LineStyle) {
	const radius = vg.Length(2.5)
	var p vg.Path
	p.Move(vg.Point{X: at.X + radius, Y: at.Y})
	p.Arc(at, radius, 0, 2*math.Pi)
	p.Close()
	c.SetColor(fill)
	c.Fill(p)
	c.SetLineStyle(edge)
	c.Stroke(p)
}
