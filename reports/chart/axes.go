package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

var (
	axisInk = Letters(10.5)
	tickInk = Letters(10)
)

// axes is an empty plot in this package's style. Kinds that write their own labels below
// the plot hide its x axis.
func axes(xLabel, yLabel string, text, tick Ink) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Label.Padding = 3
		a.LineStyle = stroke(0.7, black)
		a.Tick.LineStyle = stroke(0.7, black)
		a.Tick.Length = 3
		a.Tick.Marker = ticks(6)
	}
	p.X.Label.Text, p.Y.Label.Text = xLabel, yLabel
	p.X.Label.TextStyle = text.style(draw.XCenter, draw.YBottom)
	p.Y.Label.TextStyle = text.style(draw.XCenter, draw.YBottom)
	p.X.Tick.Label = tick.style(draw.XCenter, draw.YTop)
	p.Y.Tick.Label = tick.style(draw.XRight, draw.YCenter)
	return p
}

// gridY draws a faint line across the plot at every mark of the y axis.
type gridY struct{}

func (gridY) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		line(c, stroke(0.5, faint), c.Min.X, y(t.Value), c.Max.X, y(t.Value))
	}
}

// closeFrame draws the plot's upper and right edges.
type closeFrame struct{}

func (closeFrame) Plot(c draw.Canvas, _ *plot.Plot) {
	s := stroke(0.7, black)
	line(c, s, c.Min.X, c.Max.Y, c.Max.X, c.Max.Y)
	line(c, s, c.Max.X, c.Min.Y, c.Max.X, c.Max.Y)
}
