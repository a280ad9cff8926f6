package chart

import (
	"image/color"

	"coldstart/reports/figure"
)

func init() { layouts[figure.Ratio] = layout{checkPoints, newRatio} }

// newRatio makes one bar per step, the second side divided by the first, with a line at
// 1. The total is apart and grey.
func newRatio(d *figure.Data) body {
	points := d.Points()
	one := 1.0
	g := &bargraph{bars: plainBars(points, ratioColor), y: d.YLabel, marker: &one}
	at := inOrder(len(points))
	for i, p := range points {
		if p.Total && i > 0 {
			g.rule = setApart(at, i)
			break
		}
	}
	for i := range g.bars {
		g.bars[i].at = at[i]
	}
	g.slots = newSlots(labels(points), at)
	return g.settled()
}

// setApart moves the places from i on to the right, and returns the middle of the gap.
func setApart(at []float64, i int) *float64 {
	const gap = 0.5 // slots
	between := (at[i-1] + at[i] + gap) / 2
	for j := i; j < len(at); j++ {
		at[j] += gap
	}
	return &between
}

func ratioColor(p figure.Point) color.Color {
	if p.Total {
		return total
	}
	return plain
}
