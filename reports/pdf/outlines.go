package pdf

import "gonum.org/v1/plot/vg"

// rectangle recognises a rectangle whose sides are the axes'.
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

// outlines are the polygons to fill for a path of several subpaths. gopdf
// fills one polygon at a time, and a hole is no polygon of its own. So those
// that overlap become one, each joined to the first by a bridge that is walked
// in both directions: no point's winding number changes, and a bridge has no
// area. Those that stand apart stay apart.
func outlines(subpaths []subpath) [][]vg.Point {
	var groups []group
	for _, s := range subpaths {
		if len(s.points) > 2 {
			groups = join(groups, group{points: s.points, bounds: bounds(s.points)})
		}
	}
	out := make([][]vg.Point, len(groups))
	for i, g := range groups {
		out[i] = g.points
	}
	return out
}

type group struct {
	points []vg.Point
	bounds vg.Rectangle
}

// join adds a polygon to the groups, uniting it with all it may overlap.
func join(groups []group, g group) []group {
	kept := groups[:0]
	for _, other := range groups {
		if apart(other.bounds, g.bounds) {
			kept = append(kept, other)
			continue
		}
		points := append(closed(other.points), closed(g.points)...)
		points = append(points, other.points[0])
		g = group{points: points, bounds: bounds(points)}
	}
	return append(kept, g)
}

func closed(points []vg.Point) []vg.Point {
	return append(points[:len(points):len(points)], points[0])
}

func apart(a, b vg.Rectangle) bool {
	return a.Max.X <= b.Min.X || b.Max.X <= a.Min.X || a.Max.Y <= b.Min.Y || b.Max.Y <= a.Min.Y
}
