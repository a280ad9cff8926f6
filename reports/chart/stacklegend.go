package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	stackLegendLead = vg.Length(17)
	stackSwatch     = vg.Length(18)
	stackNameGap    = vg.Length(6)
)

// drawLegend names the steps in the order of the bar, and explains the hatching.
func (s *stack) drawLegend(c draw.Canvas) {
	y := c.Max.Y
	for i := len(s.steps) - 1; i >= 0; i-- {
		y = drawEntry(c, y, s.steps[i])
	}
	y -= stackLegendLead / 2
	legendInk.Bold().Draw(c, vg.Point{X: c.Min.X, Y: y}, Left, Top, "Resource dominance")
	y -= stackLegendLead
	y = drawEntry(c, y, step{name: "CPU-dominant", fill: white, texture: hatched})
	drawEntry(c, y, step{name: "GPU-dominant", fill: white, texture: smooth})
}

// legendWidth is the width of the widest line, at most that of a long name.
func (s *stack) legendWidth() (width vg.Length) {
	for _, g := range s.steps {
		width = max(width, min(legendInk.Width(g.name), labelLimit))
	}
	return stackSwatch + stackNameGap + width + 0.01
}

// drawEntry draws a line of the legend below y, and returns the y of the next.
func drawEntry(c draw.Canvas, y vg.Length, g step) vg.Length {
	r := rect(c.Min.X, y-legendInk.Font.Size, c.Min.X+stackSwatch, y)
	g.draw(c, r)
	outline(c, stroke(0.6, black), r)
	at := vg.Point{X: r.Max.X + stackNameGap, Y: (r.Min.Y + r.Max.Y) / 2}
	legendInk.Draw(c, at, Left, Middle, legendInk.cut(g.name, c.Max.X-at.X))
	return y - stackLegendLead
}
