package pdf

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A transform is an affine map: x' = a·x + c·y + e, y' = b·x + d·y + f.
type transform struct{ a, b, c, d, e, f float64 }

var identity = transform{a: 1, d: 1}

// after is the map that applies inner first, then t.
func (t transform) after(inner transform) transform {
	return transform{
		a: t.a*inner.a + t.c*inner.b,
		b: t.b*inner.a + t.d*inner.b,
		c: t.a*inner.c + t.c*inner.d,
		d: t.b*inner.c + t.d*inner.d,
		e: t.a*inner.e + t.c*inner.f + t.e,
		f: t.b*inner.e + t.d*inner.f + t.f,
	}
}

func rotation(radians float64) transform {
	sin, cos := math.Sincos(radians)
	return transform{a: cos, b: sin, c: -sin, d: cos}
}

func translation(p vg.Point) transform {
	return transform{a: 1, d: 1, e: float64(p.X), f: float64(p.Y)}
}

func scaling(x, y float64) transform { return transform{a: x, d: y} }

func (t transform) apply(p vg.Point) vg.Point {
	x, y := float64(p.X), float64(p.Y)
	return vg.Point{X: vg.Length(t.a*x + t.c*y + t.e), Y: vg.Length(t.b*x + t.d*y + t.f)}
}

// scale is the factor by which the map lengthens a line, averaged over directions.
func (t transform) scale() float64 { return math.Sqrt(math.Abs(t.a*t.d - t.b*t.c)) }

// angle is the direction of the mapped x axis in radians.
func (t transform) angle() float64 { return math.Atan2(t.b, t.a) }
