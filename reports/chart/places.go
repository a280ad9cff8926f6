package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

const quarterTurn = math.Pi / 2

// extent is the width and height of a box after a rotation.
func extent(width, height vg.Length, angle float64) (w, h vg.Length) {
	sin, cos := math.Sincos(angle)
	s, c := vg.Length(math.Abs(sin)), vg.Length(math.Abs(cos))
	return width*c + height*s, width*s + height*c
}
