package chart

import (
	"image/color"

	"coldstart/reports/figure"
)

func init() { layouts[figure.Bars] = layout{checkPoints, newBars} }

// newBars makes one bar per release.
func newBars(d *figure.Data) body {
	points := d.Points()
	g := &bargraph{
		bars:  plainBars(points, func(figure.Point) color.Color { return plain }),
		slots: newSlots(labels(points), inOrder(len(points))),
		x:     d.XLabel,
		y:     d.YLabel,
	}
	return g.settled()
}
