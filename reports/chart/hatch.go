package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// hatch draws rising lines at 45° into r, apart by step. The lines of two
// rectangles that touch continue each other, for they are counted from the
// canvas's origin.
func hatch(c draw.Canvas, s draw.LineStyle, r vg.Rectangle, step vg.Length) {
	first := int((r.Min.X - r.Max.Y) / step)
	last := int((r.Max.X - r.Min.Y) / step)
	for i := first; i <= last; i++ {
		offset := vg.Length(i) * step // the line x = y + offset
		x0, x1 := max(r.Min.X, r.Min.Y+offset), min(r.Max.X, r.Max.Y+offset)
		if x0 < x1 {
			line(c, s, x0, x0-offset, x1, x1-offset)
		}
	}
}
