package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func rect(x0, y0, x1, y1 vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: min(x0, x1), Y: min(y0, y1)}, Max: vg.Point{X: max(x0, x1), Y: max(y0, y1)}}
}

func fillRect(c vg.Canvas, r vg.Rectangle, fill color.Color) {
	c.SetColor(fill)
	c.Fill(r.Path())
}

func line(c draw.Canvas, s draw.LineStyle, x0, y0, x1, y1 vg.Length) {
	c.StrokeLine2(s, x0, y0, x1, y1)
}

// outline strokes r's border.
func outline(c draw.Canvas, s draw.LineStyle, r vg.Rectangle) {
	c.SetLineStyle(s)
	c.Stroke(r.Path())
}

func stroke(width vg.Length, c color.Color) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width}
}

func dashed(width vg.Length, c color.Color) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width, Dashes: []vg.Length{4, 2.5}}
}

// errorBar draws a whisker at x from low to high. A white outline keeps it visible on a
// dark bar.
func errorBar(c draw.Canvas, x, low, high vg.Length) {
	const half = vg.Length(3.5) // of the caps' width
	for _, s := range []draw.LineStyle{stroke(1.8, white), stroke(0.8, black)} {
		line(c, s, x, low, x, high)
		line(c, s, x-half, low, x+half, low)
		line(c, s, x-half, high, x+half, high)
	}
}
