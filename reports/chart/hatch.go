package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A texture distinguishes areas in print and for colour-blind readers.
type texture int

const (
	smooth  texture = iota // no marks
	hatched                // rising lines
	dotted                 // rows of dots, every other row moved by half a step
)

const (
	hatchStep = vg.Length(5)
	dotStep   = vg.Length(4.5)
	dotSize   = vg.Length(1.3)
)

// draw draws the texture's marks into r.
func (t texture) draw(c draw.Canvas, r vg.Rectangle, ink color.Color) {
	switch t {
	case hatched:
		hatch(c, stroke(0.7, ink), r, hatchStep)
	case dotted:
		dots(c, ink, r)
	}
}

// hatch draws rising lines at 45° into r, step apart. They are counted from the canvas's
// origin, so that the lines of adjacent rectangles join.
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

// dots draws the dots of the canvas's grid that lie wholly in r.
func dots(c draw.Canvas, ink color.Color, r vg.Rectangle) {
	const half = dotSize / 2
	for row := gridLine(r.Min.Y + half); vg.Length(row)*dotStep <= r.Max.Y-half; row++ {
		y := vg.Length(row) * dotStep
		shift := vg.Length(row&1) * dotStep / 2
		for column := gridLine(r.Min.X + half - shift); vg.Length(column)*dotStep+shift <= r.Max.X-half; column++ {
			x := vg.Length(column)*dotStep + shift
			fillRect(c, rect(x-half, y-half, x+half, y+half), ink)
		}
	}
}

// gridLine is the number of the first line of the grid at or after a place.
func gridLine(at vg.Length) int { return int(math.Ceil(float64(at / dotStep))) }
