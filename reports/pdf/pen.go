package pdf

import (
	"fmt"
	"math"

	"github.com/signintech/gopdf"
	"gonum.org/v1/plot/vg"
)

// useBrush tells gopdf the colour to fill with; false where it is invisible.
func (c *canvas) useBrush() bool {
	col := c.state.color
	if !c.useAlpha() {
		return false
	}
	if c.told.fill.becomes([3]uint8{col.R, col.G, col.B}) {
		c.pdf.SetFillColor(col.R, col.G, col.B)
	}
	return true
}

// usePen tells gopdf the colour and width of lines; false where they are invisible.
func (c *canvas) usePen() bool {
	col := c.state.color
	if !c.useAlpha() {
		return false
	}
	if c.told.stroke.becomes([3]uint8{col.R, col.G, col.B}) {
		c.pdf.SetStrokeColor(col.R, col.G, col.B)
	}
	if width := float64(c.state.width) * c.state.transform.scale(); c.told.width.becomes(width) {
		c.pdf.SetLineWidth(width)
	}
	return true
}

// useText tells gopdf font and colour of a text; false where it is invisible.
func (c *canvas) useText(f fontSize) bool {
	col := c.state.color
	if !c.useAlpha() {
		return false
	}
	if c.told.font.becomes(f) {
		c.fail(c.pdf.SetFont(f.family, "", f.size))
	}
	if c.told.text.becomes([3]uint8{col.R, col.G, col.B}) {
		c.pdf.SetTextColor(col.R, col.G, col.B)
	}
	return true
}

func (c *canvas) useAlpha() bool {
	alpha := c.state.color.A
	if !c.told.alpha.ok {
		c.told.alpha = known[uint8]{255, true} // a document begins opaque
	}
	if c.told.alpha.becomes(alpha) && alpha == 255 {
		c.pdf.ClearTransparency()
	} else if alpha < 255 {
		c.fail(c.pdf.SetTransparency(gopdf.Transparency{Alpha: float64(alpha) / 255, BlendModeType: gopdf.NormalBlendMode}))
	}
	return alpha > 0
}

func (c *canvas) useDash(pattern []float64, offset float64) {
	if c.told.dash.becomes(fmt.Sprintf("%.3f %.3f", pattern, offset)) {
		c.pdf.SetCustomLineType(pattern, offset)
	}
}

// dash is the pattern in page space and its period; none where it has no length.
func (c *canvas) dash() (pattern []float64, period float64) {
	for _, d := range c.state.dash {
		length := max(0, float64(d)) * c.state.transform.scale()
		pattern = append(pattern, length)
		period += length
	}
	if period == 0 {
		return nil, 0
	}
	if len(pattern)%2 == 1 { // the second round swaps dashes and gaps
		period *= 2
	}
	return pattern, period
}

// strokeOne draws a polyline. gopdf has single lines and closed polygons only.
// A solid open line goes there and back, which gives it joins like any other;
// a dashed one is drawn line by line, each taking up the dashes where the one
// before left off.
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
	out := append([]vg.Point(nil), points...)
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

// fillOne fills one outline, by the shorter command where it is a rectangle.
func (c *canvas) fillOne(points []vg.Point) {
	if r, ok := rectangle(points); ok {
		p := c.onPage(vg.Point{X: r.Min.X, Y: r.Max.Y})
		size := r.Size()
		c.pdf.RectFromUpperLeftWithStyle(p.X, p.Y, float64(size.X), float64(size.Y), "F")
		return
	}
	c.pdf.Polygon(c.polygon(points), "F")
}
