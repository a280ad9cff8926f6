package pdf

import (
	"fmt"
	"math"
	"slices"

	"github.com/signintech/gopdf"
	"gonum.org/v1/plot/vg"
)

// useBrush tells gopdf the colour to fill with.
func (c *canvas) useBrush() {
	if col := c.state.color; c.told.fill.becomes(col) {
		c.pdf.SetFillColor(col[0], col[1], col[2])
	}
}

// usePen tells gopdf the colour and width of lines.
func (c *canvas) usePen() {
	if col := c.state.color; c.told.stroke.becomes(col) {
		c.pdf.SetStrokeColor(col[0], col[1], col[2])
	}
	if width := float64(c.state.width) * c.state.transform.scale(); c.told.width.becomes(width) {
		c.pdf.SetLineWidth(width)
	}
}

// useText tells gopdf the font and colour of text.
func (c *canvas) useText(f fontSize) {
	if c.told.font.becomes(f) {
		c.fail(c.pdf.SetFont(f.family, "", f.size))
	}
	if col := c.state.color; c.told.text.becomes(col) {
		c.pdf.SetTextColor(col[0], col[1], col[2])
	}
}

func (c *canvas) useDash(pattern []float64, offset float64) {
	if c.told.dash.becomes(fmt.Sprintf("%.3f %.3f", pattern, offset)) {
		c.pdf.SetCustomLineType(pattern, offset)
	}
}

// dash is the pattern in page space and its period; nil for a solid line.
func (c *canvas) dash() (pattern []float64, period float64) {
	for _, d := range c.state.dash {
		length := max(0, float64(d)) * c.state.transform.scale()
		pattern = append(pattern, length)
		period += length
	}
	if period == 0 {
		return nil, 0
	}
	if len(pattern)%2 == 1 { // the second repetition swaps dashes and gaps
		period *= 2
	}
	return pattern, period
}

// strokeOne draws a polyline. gopdf has only single lines and closed polygons. A solid
// open polyline is drawn forth and back as a polygon, so that its lines are joined. A
// dashed one is drawn line by line, and each line continues the dashes of the previous.
func (c *canvas) strokeOne(s subpath) {
	pattern, period := c.dash()
	points := s.points
	if pattern == nil {
		c.useDash(nil, 0)
		switch {
		case len(points) == 2:
			c.segment(points[0], points[1])
		case s.closed:
			c.pdf.Polygon(c.polygon(points), "D")
		default:
			c.pdf.Polygon(c.polygon(thereAndBack(points)), "D")
		}
		return
	}
	if s.closed {
		points = append(points, points[0])
	}
	gone := float64(c.state.offset) * c.state.transform.scale()
	for i := 1; i < len(points); i++ {
		c.useDash(pattern, math.Mod(gone, period))
		c.segment(points[i-1], points[i])
		gone += distance(points[i-1], points[i])
	}
}

func (c *canvas) segment(a, b vg.Point) {
	p, q := c.onPage(a), c.onPage(b)
	c.pdf.Line(p.X, p.Y, q.X, q.Y)
}

func thereAndBack(points []vg.Point) []vg.Point {
	out := slices.Clone(points)
	for i := len(points) - 2; i > 0; i-- {
		out = append(out, points[i])
	}
	return out
}

func distance(a, b vg.Point) float64 {
	d := b.Sub(a)
	return math.Hypot(float64(d.X), float64(d.Y))
}

func (c *canvas) polygon(points []vg.Point) []gopdf.Point {
	out := make([]gopdf.Point, len(points))
	for i, p := range points {
		out[i] = c.onPage(p)
	}
	return out
}

// fillOne fills a polygon; for a rectangle there is a shorter command.
func (c *canvas) fillOne(points []vg.Point) {
	if r, ok := rectangle(points); ok {
		p := c.onPage(vg.Point{X: r.Min.X, Y: r.Max.Y})
		size := r.Size()
		c.pdf.RectFromUpperLeftWithStyle(p.X, p.Y, float64(size.X), float64(size.Y), "F")
		return
	}
	c.pdf.Polygon(c.polygon(points), "F")
}

// rectangle reports whether points are a rectangle parallel to the axes.
func rectangle(p []vg.Point) (vg.Rectangle, bool) {
	if len(p) == 5 && p[4] == p[0] {
		p = p[:4]
	}
	if len(p) != 4 {
		return vg.Rectangle{}, false
	}
	flat := p[0].Y == p[1].Y && p[1].X == p[2].X && p[2].Y == p[3].Y && p[3].X == p[0].X
	upright := p[0].X == p[1].X && p[1].Y == p[2].Y && p[2].X == p[3].X && p[3].Y == p[0].Y
	r := bounds(p)
	return r, flat || upright
}

func bounds(points []vg.Point) vg.Rectangle {
	r := vg.Rectangle{Min: points[0], Max: points[0]}
	for _, p := range points[1:] {
		r.Min = vg.Point{X: min(r.Min.X, p.X), Y: min(r.Min.Y, p.Y)}
		r.Max = vg.Point{X: max(r.Max.X, p.X), Y: max(r.Max.Y, p.Y)}
	}
	return r
}
