package pdf

import (
	"errors"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/signintech/gopdf"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// A canvas is a [vg.Canvas] on the current page of a document: origin in the
// lower left corner, y upwards, lengths in points. It draws what charts use. Bézier
// curves, images and translucent colours are errors, and filled paths have no holes.
//
// gopdf cannot transform the whole page, so the canvas keeps its own transformation
// and hands gopdf points in page space. It remembers what it last told gopdf
// about colour, width and dash, and repeats only what has changed.
type canvas struct {
	pdf           *gopdf.GoPdf
	width, height vg.Length
	state         state
	stack         []state
	told          told
	err           error // the first; a vg.Canvas has no way to return one
}

var _ vg.CanvasSizer = (*canvas)(nil)

// state is what Push saves.
type state struct {
	transform transform
	color     rgb
	width     vg.Length
	dash      []vg.Length
	offset    vg.Length
}

type rgb [3]uint8

// told is what gopdf draws with now.
type told struct {
	fill, stroke, text known[rgb]
	width              known[float64]
	dash               known[string]
	font               known[fontSize]
}

type fontSize struct {
	family string
	size   float64
}

// known is a value that gopdf may have been told.
type known[T comparable] struct {
	value T
	ok    bool
}

// becomes sets the value, and reports whether it changed.
func (k *known[T]) becomes(v T) bool {
	if k.ok && k.value == v {
		return false
	}
	k.value, k.ok = v, true
	return true
}

func newCanvas(pdf *gopdf.GoPdf, width, height vg.Length) *canvas {
	c := &canvas{pdf: pdf, width: width, height: height}
	c.state = state{transform: identity, width: 1}
	return c
}

// Size is the page's size.
func (c *canvas) Size() (x, y vg.Length) { return c.width, c.height }

// SetLineWidth sets the width of strokes.
func (c *canvas) SetLineWidth(w vg.Length) { c.state.width = w }

// SetLineDash sets the lengths of dashes and gaps; an empty pattern is a solid line.
func (c *canvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.state.dash, c.state.offset = slices.Clone(pattern), offset
}

// SetColor sets the colour of what follows; nil is black.
func (c *canvas) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	r, g, b, alpha := col.RGBA()
	if alpha != 0xFFFF {
		c.fail(errors.New("a colour is not opaque"))
	}
	c.state.color = rgb{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
}

// Rotate turns what follows anticlockwise.
func (c *canvas) Rotate(radians float64) { c.transform(rotation(radians)) }

// Translate moves what follows.
func (c *canvas) Translate(p vg.Point) { c.transform(translation(p)) }

// Scale stretches what follows.
func (c *canvas) Scale(x, y float64) { c.transform(scaling(x, y)) }

func (c *canvas) transform(t transform) { c.state.transform = c.state.transform.after(t) }

// Push saves colour, width, dash and transformation until the next Pop.
func (c *canvas) Push() { c.stack = append(c.stack, c.state) }

// Pop restores what the last Push saved.
func (c *canvas) Pop() {
	if len(c.stack) == 0 {
		c.fail(errors.New("pop without push"))
		return
	}
	c.state = c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
}

// Stroke draws the path as a line.
func (c *canvas) Stroke(path vg.Path) {
	if c.state.width <= 0 {
		return
	}
	c.usePen()
	for _, s := range c.flatten(path) {
		c.strokeOne(s)
	}
}

// Fill fills each part of the path by itself.
func (c *canvas) Fill(path vg.Path) {
	c.useBrush()
	for _, s := range c.flatten(path) {
		c.fillOne(s.points)
	}
}

func (c *canvas) flatten(path vg.Path) []subpath {
	if slices.ContainsFunc(path, func(p vg.PathComp) bool { return p.Type == vg.CurveComp }) {
		c.fail(errors.New("a path has Bézier curves"))
	}
	return flatten(path, c.state.transform)
}

// FillString writes text with its baseline's left end at pt.
func (c *canvas) FillString(face font.Face, pt vg.Point, text string) {
	if text == "" {
		return
	}
	t := c.state.transform
	c.useText(fontSize{family(face.Font), float64(face.Font.Size) * t.scale()})
	at := c.onPage(t.apply(pt))
	angle := t.angle() * 180 / math.Pi
	if angle != 0 {
		c.pdf.Rotate(angle, at.X, at.Y)
		defer c.pdf.RotateReset()
	}
	c.pdf.SetXY(at.X, at.Y)
	c.fail(c.pdf.Text(drawable(face, text)))
	c.told.fill.ok = false // gopdf writes a text's colour as the page's fill colour
}

// DrawImage fails: no chart has an image.
func (c *canvas) DrawImage(vg.Rectangle, image.Image) { c.fail(errors.New("an image")) }

// target names a height of the page, where links lead.
func (c *canvas) target(name string, y vg.Length) {
	c.pdf.SetXY(0, c.onPage(vg.Point{Y: y}).Y) // gopdf adds the height of a line
	c.pdf.SetAnchor(name)
}

// link makes an area below a point lead to a target, which the document must have.
func (c *canvas) link(target string, at vg.Point, width, height vg.Length) {
	corner := c.onPage(at)
	c.pdf.AddInternalLink(target, corner.X, corner.Y, float64(width), float64(height))
}

// onPage converts a point to gopdf's space, where y counts from the upper edge.
func (c *canvas) onPage(p vg.Point) gopdf.Point {
	return gopdf.Point{X: float64(p.X), Y: float64(c.height - p.Y)}
}

func (c *canvas) fail(err error) {
	if c.err == nil && err != nil {
		c.err = err
	}
}
