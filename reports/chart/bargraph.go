package chart

import (
	"image/color"
	"math"
	"strconv"

	"coldstart/reports/figure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	plotHeight = vg.Length(200) // height of the area of the bars
	minWidth   = vg.Length(322) // least width of a body
	slotWidth  = vg.Length(19)  // least width, or the body grows
	axisWidth  = vg.Length(46)  // approximate width of a y axis
)

// A bar is one upright bar. The unit of the x axis is a slot: bars of a plain graph are
// at 0, 1, 2, …
type bar struct {
	at, width float64 // slots
	value     float64
	stderr    *float64
	fill      color.Color
}

// top and foot are where the bar and its error bar end.
func (b bar) top() float64  { return max(b.value, 0) + b.err() }
func (b bar) foot() float64 { return min(b.value, 0) - b.errBelow() }

func (b bar) err() float64 {
	if b.stderr == nil || b.value < 0 {
		return 0
	}
	return *b.stderr
}

func (b bar) errBelow() float64 {
	if b.stderr == nil || b.value >= 0 {
		return 0
	}
	return *b.stderr
}

// A bargraph is a plot of upright bars with their values, above a line of slot labels.
// Trend, ratio, bars, groups and prediction use it.
type bargraph struct {
	bars   []bar
	slots  slots
	x, y   string   // axis titles
	marker *float64 // a dashed line at this value
	rule   *float64 // a line between two slots
	inset  *inset
	legend legend

	width, below vg.Length // width of the body, height of what is below the bars
	lead         vg.Length // space left of the y axis, for slanted labels
	hand         Ink       // style of the labels
}

// settled computes the lengths that depend on the labels, and returns g.
func (g *bargraph) settled() *bargraph {
	const certain = vg.Length(26) // part of axisWidth that any tick labels leave
	g.width = max(minWidth, axisWidth+slotWidth*vg.Length(max(len(g.bars), len(g.slots.texts))))
	for range 5 { // a wider lead narrows the slots, which moves the labels
		g.lead = max(g.lead, g.slots.overhang(g.perSlot())-certain)
	}
	g.hand = g.slots.hand(g.perSlot())
	g.legend = g.legend.settled(g.width - axisWidth - g.lead)
	g.below = g.slots.height(g.hand)
	if g.x != "" {
		g.below += axisInk.Font.Size + 4
	}
	return g
}

func (g *bargraph) perSlot() vg.Length {
	return (g.width - axisWidth - g.lead) / vg.Length(g.slots.span())
}

func (g *bargraph) size() (width, height vg.Length) {
	return g.width, g.legend.height() + plotHeight + g.below
}

func (g *bargraph) draw(c draw.Canvas) {
	room := draw.Crop(c, g.lead, 0, g.below, -g.legend.height())
	p := axes("", axisInk.cut(g.y, plotHeight), axisInk, tickInk)
	p.HideX()
	p.X.Width = 0.7
	p.X.Min, p.X.Max = g.slots.reach()
	g.setRange(p, room)
	p.Add(gridY{}, barPainter{g}, closeFrame{})
	p.Draw(room)

	area := p.DataCanvas(room)
	x, _ := p.Transforms(&area)
	g.slots.draw(c, g.hand, x, area.Min.Y)
	if g.x != "" {
		axisInk.Draw(c, vg.Point{X: area.Center().X, Y: c.Min.Y + 2}, Center, Bottom, axisInk.cut(g.x, g.width))
	}
	g.legend.draw(draw.Crop(c, area.Min.X-c.Min.X, 0, 0, 0))
	if g.inset != nil {
		g.inset.draw(area, g.insetX(area, p))
	}
}

// barPainter draws a bargraph's bars into its plot.
type barPainter struct{ *bargraph }

func (g barPainter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, b := range g.bars {
		fillRect(c, rect(x(b.at-b.width/2), y(0), x(b.at+b.width/2), y(b.value)), b.fill)
	}
	if p.Y.Min < 0 {
		line(c, stroke(0.7, black), c.Min.X, y(0), c.Max.X, y(0))
	}
	if g.marker != nil {
		line(c, dashed(0.8, black), c.Min.X, y(*g.marker), c.Max.X, y(*g.marker))
	}
	if g.rule != nil {
		line(c, dashed(0.6, grey), x(*g.rule), c.Min.Y, x(*g.rule), c.Max.Y)
	}
	for _, b := range g.bars {
		if b.stderr != nil {
			errorBar(c, x(b.at), y(b.value-*b.stderr), y(b.value+*b.stderr))
		}
	}
	pen := g.pen(x(1) - x(0))
	for _, b := range g.bars {
		pen.place(b, x, y).draw(c)
	}
}

// setRange grows the range of y until bars, error bars and values fit into the plot and
// stay below the inset.
func (g *bargraph) setRange(p *plot.Plot, room draw.Canvas) {
	p.Y.Min, p.Y.Max = 0, 0
	for _, b := range g.bars {
		p.Y.Min, p.Y.Max = min(p.Y.Min, b.foot()*1.15), max(p.Y.Max, b.top())
	}
	if g.marker != nil {
		p.Y.Max = max(p.Y.Max, *g.marker*1.1)
	}
	if p.Y.Max == p.Y.Min {
		p.Y.Max = 1
	}
	for range 20 {
		area := p.DataCanvas(room)
		grow := g.excess(p, area)
		if grow <= 1 {
			return
		}
		p.Y.Max *= grow
	}
}

// headroom is the space in points between the highest bar and the frame, so that its
// error bar can be told from the frame.
const headroom = 10

// excess is the largest factor by which a bar with its value exceeds the space above its
// foot; at most 1 if all fit.
func (g *bargraph) excess(p *plot.Plot, area draw.Canvas) float64 {
	x, y := p.Transforms(&area)
	pen := g.pen(x(1) - x(0))
	box := g.insetBox(area, p)
	worst := 0.0
	for _, b := range g.bars {
		limit := area.Max.Y - headroom
		if box.Min.X < x(b.at+b.width/2)+6 && x(b.at-b.width/2)-6 < box.Max.X {
			limit = box.Min.Y - 5
		}
		bar := y(b.top()) - y(0)
		high := max(pen.place(b, x, y).box.Max.Y, y(b.top())) - y(0)
		free := limit - y(0) - (high - bar)
		worst = max(worst, float64(bar/max(free, 1)))
	}
	return worst
}

// insetBox is the inset's rectangle; empty without an inset.
func (g *bargraph) insetBox(area draw.Canvas, p *plot.Plot) vg.Rectangle {
	if g.inset == nil {
		return vg.Rectangle{}
	}
	return g.inset.box(area, g.insetX(area, p))
}

// insetX is the inset's left edge, placed where the bars below are lowest. Places further
// left are preferred.
func (g *bargraph) insetX(area draw.Canvas, p *plot.Plot) vg.Length {
	x, _ := p.Transforms(&area)
	const steps = 8
	first, last := area.Min.X+insetMargin, area.Max.X-insetMargin-insetWidth
	best, lowest := first, math.Inf(1)
	for i := range steps + 1 {
		at := first + (last-first)*vg.Length(i)/steps
		highest := 0.0
		for _, b := range g.bars {
			if at-6 < x(b.at+b.width/2) && x(b.at-b.width/2) < at+insetWidth+6 {
				highest = max(highest, b.top())
			}
		}
		if highest < lowest*0.97 {
			best, lowest = at, highest
		}
	}
	return best
}

// plainBars makes one bar per point, each in the middle of its slot.
func plainBars(points []figure.Point, fill func(figure.Point) color.Color) []bar {
	bars := make([]bar, len(points))
	for i, p := range points {
		bars[i] = bar{at: float64(i), width: 0.8, value: p.Mean, stderr: p.StdErr, fill: fill(p)}
	}
	return bars
}

func labels(points []figure.Point) []string {
	texts := make([]string, len(points))
	for i, p := range points {
		texts[i] = p.Label
	}
	return texts
}

// number writes a value as the paper does.
func number(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

func inOrder(n int) []float64 {
	at := make([]float64, n)
	for i := range at {
		at[i] = float64(i)
	}
	return at
}
