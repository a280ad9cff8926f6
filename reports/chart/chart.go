// Package chart lays a figure's numbers out as a picture.
//
// It is the last room but one on the way of a measurement: engine prints →
// measure keeps → phase reads → result holds → stat averages → figure has the
// numbers → chart lays out → pdf draws. It takes a [figure.Data] and nothing
// else, and draws on any gonum canvas; what becomes of the strokes is the
// canvas's affair.
//
// Every picture is one frame around one body. The frame is the same for all
// of them: title, what is missing, and where the numbers come from. The body
// depends on the figure's kind. Each kind has a file of its own, which adds its
// layout to the table layouts. Those made of upright bars share bargraph.go. A comparison of two result sets has a body of its own,
// forest.go. All lengths are points.
package chart

import (
	"fmt"

	"coldstart/reports/figure"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Chart is a figure ready to be drawn, as often and by as many goroutines
// as one likes.
type Chart struct {
	frame frame
	body  body
}

// A body is what stands inside the frame. It is never changed by drawing.
type body interface {
	size() (width, height vg.Length)
	draw(c draw.Canvas)
}

// A layout is how the figures of one kind become a body.
type layout struct {
	check func(*figure.Data) error // finds what would make the picture impossible or a lie
	body  func(*figure.Data) body  // of a figure that was checked
}

// layouts are those of all kinds. Each kind's file adds its own before the program begins.
var layouts = map[figure.Kind]layout{}

// New lays d out. It fails where nothing can be drawn: an unknown kind, no
// points, or a number that is not finite. The error names figure and point.
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
	return width + 2*margin, height + c.frame.above() + c.frame.below()
}

// Draw draws the chart into dc, its upper left corner in dc's. The space that
// dc has beyond the natural size stays as it is.
func (c *Chart) Draw(dc draw.Canvas) {
	width, height := c.Size()
	page := vg.Rectangle{
		Min: vg.Point{X: dc.Min.X, Y: dc.Max.Y - height},
		Max: vg.Point{X: dc.Min.X + width, Y: dc.Max.Y},
	}
	c.frame.draw(draw.Canvas{Canvas: dc.Canvas, Rectangle: page})
	c.body.draw(draw.Canvas{Canvas: dc.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: page.Min.X + margin, Y: page.Min.Y + c.frame.below()},
		Max: vg.Point{X: page.Max.X - margin, Y: page.Max.Y - c.frame.above()},
	}})
}
