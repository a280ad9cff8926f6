package pdf

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A subpath is a polyline in page space.
type subpath struct {
	points []vg.Point
	closed bool
}

// flatten turns a path into polylines in page space: arcs and curves become
// lines that stay within a hundredth of a point of them, in steps that do not
// depend on the machine.
func flatten(path vg.Path, t transform) []subpath {
	f := flattener{t: t}
	for _, c := range path {
		switch c.Type {
		case vg.MoveComp:
			f.move(c.Pos)
		case vg.LineComp:
			f.line(c.Pos)
		case vg.ArcComp:
			f.arc(c)
		case vg.CurveComp:
			f.curve(c)
		case vg.CloseComp:
			f.close()
		}
	}
	f.end()
	return f.done
}

type flattener struct {
	t    transform
	open subpath
	here vg.Point // in the path's own space
	from vg.Point // where the open subpath began
	done []subpath
}

func (f *flattener) end() {
	if len(f.open.points) > 1 {
		f.done = append(f.done, f.open)
	}
	f.open = subpath{}
}

func (f *flattener) move(p vg.Point) {
	f.end()
	f.from = p
	f.add(p)
}

func (f *flattener) line(p vg.Point) {
	if len(f.open.points) == 0 {
		f.move(p)
		return
	}
	f.add(p)
}

func (f *flattener) add(p vg.Point) {
	f.here = p
	f.open.points = append(f.open.points, f.t.apply(p))
}

// close goes back to where the subpath began; what follows without a move
// begins there again.
func (f *flattener) close() {
	f.open.closed = true
	f.end()
	f.here = f.from
	f.open.points = append(f.open.points, f.t.apply(f.from))
}

func (f *flattener) arc(c vg.PathComp) {
	at := func(angle float64) vg.Point {
		sin, cos := math.Sincos(angle)
		return vg.Point{X: c.Pos.X + c.Radius*vg.Length(cos), Y: c.Pos.Y + c.Radius*vg.Length(sin)}
	}
	steps := arcSteps(float64(c.Radius)*f.t.scale(), c.Angle)
	for i := range steps + 1 {
		f.line(at(c.Start + c.Angle*float64(i)/float64(steps)))
	}
}

// arcSteps is how many lines keep to a circle within tolerance.
func arcSteps(radius, sweep float64) int {
	const tolerance = 0.01
	if radius <= tolerance {
		return 1
	}
	step := 2 * math.Acos(1-tolerance/radius)
	return max(1, int(math.Ceil(math.Abs(sweep)/step)))
}

// curve is a quadratic or cubic Bézier curve from here.
func (f *flattener) curve(c vg.PathComp) {
	if len(f.open.points) == 0 {
		f.move(f.here)
	}
	points := append([]vg.Point{f.here}, append(c.Control, c.Pos)...)
	length := 0.0
	for i, p := range points[1:] {
		d := p.Sub(points[i])
		length += math.Hypot(float64(d.X), float64(d.Y)) * f.t.scale()
	}
	steps := max(4, min(200, int(math.Ceil(math.Sqrt(length)*5))))
	for i := 1; i <= steps; i++ {
		f.line(bezier(points, float64(i)/float64(steps)))
	}
}

// bezier is de Casteljau's point of a curve of any degree.
func bezier(points []vg.Point, at float64) vg.Point {
	work := append([]vg.Point(nil), points...)
	for n := len(work) - 1; n > 0; n-- {
		for i := range n {
			work[i] = work[i].Scale(vg.Length(1 - at)).Add(work[i+1].Scale(vg.Length(at)))
		}
	}
	return work[0]
}
