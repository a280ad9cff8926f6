// Package chart lays a figure's numbers out as a picture.
//
// The path of a measurement: engine prints → measure keeps → phase reads → result
// holds → stat averages → figure has the numbers → chart lays out → pdf draws. A chart
// is made from a [figure.Data] and drawn on any gonum canvas.
//
// Every picture is a frame around a body. The frame has the title, what is missing, and
// the source of the numbers. The body depends on the figure's kind. Each kind has one
// file, which adds its layout to layouts. Kinds with upright bars share bargraph.go. A
// comparison of two result sets has the body in forest.go. All lengths are in points.
package chart

import (
	"fmt"

	"coldstart/reports/figure"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Chart is a figure that is ready to be drawn. It may be drawn several times, also at
// the same time.
type Chart struct {
	frame frame
	body  body
}

// A body is the part inside the frame. Drawing does not change it.
type body interface {
	size() (width, height vg.Length)
	draw(c draw.Canvas)
}

// A layout makes a body of the figures of one kind.
type layout struct {
	check func(*figure.Data) error // finds values that cannot be drawn
	body  func(*figure.Data) body  // takes a checked figure
}

// layouts has all kinds. Each kind's file adds its own before main runs.
var layouts = map[figure.Kind]layout{}

// New lays d out. It fails if the kind is unknown, there are no points, or a number is
// not finite. The error names the figure and the point.
func New(d *figure.Data) (*Chart, error) {
	layout, ok := layouts[d.Kind]
	if !ok {
		return nil, fmt.Errorf("figure %s: no chart is drawn for kind %q", d.Figure, d.Kind)
	}
	if err := layout.check(d); err != nil {
		return nil, fmt.Errorf("figure %s: %w", d.Figure, err)
	}
	b := layout.body(d)
	width, _ := b.size()
	return &Chart{frame: newFrame(d, width), body: b}, nil
}

// Size is the chart's natural size, in points.
func (c *Chart) Size() (width, height vg.Length) {
	width, height = c.body.size()
	return width + 2*Margin, height + c.frame.above() + c.frame.below()
}

// Draw draws the chart in its natural size into the upper left corner of dc.
func (c *Chart) Draw(dc draw.Canvas) {
	width, height := c.Size()
	page := vg.Rectangle{
		Min: vg.Point{X: dc.Min.X, Y: dc.Max.Y - height},
		Max: vg.Point{X: dc.Min.X + width, Y: dc.Max.Y},
	}
	c.frame.draw(draw.Canvas{Canvas: dc.Canvas, Rectangle: page})
	c.body.draw(draw.Canvas{Canvas: dc.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: page.Min.X + Margin, Y: page.Min.Y + c.frame.below()},
		Max: vg.Point{X: page.Max.X - Margin, Y: page.Max.Y - c.frame.above()},
	}})
}
