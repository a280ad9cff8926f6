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

// flatten turns a path into polylines in page space. Arcs become lines that stay
// within a hundredth of a point of them, in steps that do not depend on the machine.
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
	from vg.Point // where the open subpath began, in the path's own space
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
	f.open.points = append(f.open.points, f.t.apply(p))
}

// close goes back to where the subpath began; what follows without a move
// begins there again.
func (f *flattener) close() {
	f.open.closed = true
	f.end()
	f.add(f.from)
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
