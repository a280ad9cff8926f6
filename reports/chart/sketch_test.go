package chart

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// A sketch is a canvas that remembers what a reader would see of it: texts with
// the ground they stand on, and filled areas, in the order drawn.
type sketch struct {
	vg.Canvas // only for what a chart never calls
	w, h      vg.Length
	color     color.Color
	turn      float64
	origin    vg.Point
	stack     []sketch
	texts     []written
	areas     []area
}

// written is a text on the page.
type written struct {
	text          string
	box           quad
	size          vg.Length
	color, ground color.Color
}

// area is the bounds of a filled path.
type area struct {
	vg.Rectangle
	color color.Color
	texts int // how many texts were written before it
}

func newSketch(w, h vg.Length) *sketch { return &sketch{w: w, h: h} }

func (s *sketch) Size() (x, y vg.Length)             { return s.w, s.h }
func (s *sketch) SetLineWidth(vg.Length)             {}
func (s *sketch) SetLineDash([]vg.Length, vg.Length) {}
func (s *sketch) SetColor(c color.Color)             { s.color = c }
func (s *sketch) DrawImage(vg.Rectangle, image.Image) {
	panic("a chart draws no images")
}

func (s *sketch) Push() {
	s.stack = append(s.stack, sketch{turn: s.turn, origin: s.origin, color: s.color})
}

func (s *sketch) Pop() {
	last := s.stack[len(s.stack)-1]
	s.stack = s.stack[:len(s.stack)-1]
	s.turn, s.origin, s.color = last.turn, last.origin, last.color
}

func (s *sketch) Rotate(a float64)     { s.turn += a }
func (s *sketch) Translate(p vg.Point) { s.origin = s.place(p) }
func (s *sketch) place(p vg.Point) vg.Point {
	sin, cos := math.Sincos(s.turn)
	return vg.Point{
		X: s.origin.X + p.X*vg.Length(cos) - p.Y*vg.Length(sin),
		Y: s.origin.Y + p.X*vg.Length(sin) + p.Y*vg.Length(cos),
	}
}

// Stroke remembers the white shadows of error bars, and no other line.
func (s *sketch) Stroke(p vg.Path) {
	if s.color == white {
		s.Fill(p)
	}
}

func (s *sketch) Fill(p vg.Path) {
	r := vg.Rectangle{Min: vg.Point{X: vg.Length(math.Inf(1)), Y: vg.Length(math.Inf(1))}, Max: vg.Point{X: vg.Length(math.Inf(-1)), Y: vg.Length(math.Inf(-1))}}
	for _, c := range p {
		low, high := s.place(c.Pos), s.place(c.Pos)
		if c.Type == vg.CloseComp {
			continue
		}
		if c.Type == vg.ArcComp {
			low, high = low.Sub(vg.Point{X: c.Radius, Y: c.Radius}), high.Add(vg.Point{X: c.Radius, Y: c.Radius})
		}
		r.Min = vg.Point{X: min(r.Min.X, low.X), Y: min(r.Min.Y, low.Y)}
		r.Max = vg.Point{X: max(r.Max.X, high.X), Y: max(r.Max.Y, high.Y)}
	}
	s.areas = append(s.areas, area{r, s.color, len(s.texts)})
}

func (s *sketch) FillString(f font.Face, at vg.Point, text string) {
	w, h := f.Width(text), f.Font.Size*0.7
	q := quad{s.place(at), s.place(at.Add(vg.Point{X: w})), s.place(at.Add(vg.Point{X: w, Y: h})), s.place(at.Add(vg.Point{Y: h}))}
	s.texts = append(s.texts, written{text: text, box: q, size: f.Font.Size, color: s.color, ground: s.ground(q)})
}

// ground is the colour of what was last filled under the middle of q.
func (s *sketch) ground(q quad) color.Color {
	mid := q.middle()
	for i := len(s.areas) - 1; i >= 0; i-- {
		r := s.areas[i]
		if r.Min.X <= mid.X && mid.X <= r.Max.X && r.Min.Y <= mid.Y && mid.Y <= r.Max.Y {
			return r.color
		}
	}
	return white
}

func (s *sketch) words() (all []string) {
	for _, t := range s.texts {
		all = append(all, t.text)
	}
	return all
}

func (s *sketch) onPage(q quad) bool {
	for _, p := range q {
		if p.X < 0 || p.Y < 0 || p.X > s.w || p.Y > s.h {
			return false
		}
	}
	return true
}

// inset is the white area of an inset's size.
func (s *sketch) inset() (area, bool) {
	for _, a := range s.areas {
		size := a.Size()
		if a.color == white && math.Abs(float64(size.X-insetWidth)) < 1e-6 && math.Abs(float64(size.Y-insetHeight)) < 1e-6 {
			return a, true
		}
	}
	return area{}, false
}

// before are the marks drawn before a, other than the page itself, and the
// texts as marks.
func (s *sketch) before(a area) (marks []area) {
	for _, other := range s.areas {
		if other == a {
			break
		}
		if other.Size().X < s.w-1 {
			marks = append(marks, other)
		}
	}
	for _, t := range s.texts[:a.texts] {
		marks = append(marks, area{Rectangle: t.box.bounds(), color: t.color})
	}
	return marks
}

// A quad is a box that may be turned, its corners in order.
type quad [4]vg.Point

func (q quad) middle() vg.Point { return q[0].Add(q[2]).Scale(0.5) }

func (q quad) bounds() vg.Rectangle {
	r := vg.Rectangle{Min: q[0], Max: q[0]}
	for _, p := range q[1:] {
		r.Min = vg.Point{X: min(r.Min.X, p.X), Y: min(r.Min.Y, p.Y)}
		r.Max = vg.Point{X: max(r.Max.X, p.X), Y: max(r.Max.Y, p.Y)}
	}
	return r
}

// overlaps looks for a line between the two, parallel to one of their sides.
func (q quad) overlaps(r quad) bool {
	for _, box := range []quad{q, r} {
		for i := range 2 {
			side := box[i+1].Sub(box[i])
			qLow, qHigh := q.along(side)
			rLow, rHigh := r.along(side)
			if qHigh <= rLow || rHigh <= qLow {
				return false
			}
		}
	}
	return true
}

func (q quad) along(side vg.Point) (low, high vg.Length) {
	low, high = q[0].Dot(side), q[0].Dot(side)
	for _, p := range q[1:] {
		low, high = min(low, p.Dot(side)), max(high, p.Dot(side))
	}
	return low, high
}
