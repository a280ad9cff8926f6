package chart

import (
	"math"

	"coldstart/reports/chart/lettering"

	"gonum.org/v1/plot/vg"
)

// Short names for alignments of text.
const (
	left, center, right = lettering.Left, lettering.Center, lettering.Right
	bottom, middle, top = lettering.Bottom, lettering.Middle, lettering.Top
)

const quarterTurn = math.Pi / 2

// extent is the width and height of a box after a rotation.
func extent(width, height vg.Length, angle float64) (w, h vg.Length) {
	sin, cos := math.Sincos(angle)
	s, c := vg.Length(math.Abs(sin)), vg.Length(math.Abs(cos))
	return width*c + height*s, width*s + height*c
}
