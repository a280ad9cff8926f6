package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	legendLead = vg.Length(14)
	swatch     = vg.Length(9)
)

var legendInk = Letters(10)

// A legend is one line above a plot: the meaning of the colours, and a remark at the
// right. The zero legend takes no space.
type legend struct {
	entries []entry
	remark  string
}

type entry struct {
	name string
	fill color.Color
}

func (l legend) height() vg.Length {
	if len(l.entries) == 0 && l.remark == "" {
		return 0
	}
	return legendLead
}

func (l legend) draw(c draw.Canvas) {
	y := c.Max.Y - swatch/2
	end := c.Max.X
	if l.remark != "" {
		legendInk.Bold().Draw(c, vg.Point{X: end, Y: y}, Right, Middle, l.remark)
		end -= legendInk.Bold().Width(l.remark) + swatch
	}
	if len(l.entries) == 0 {
		return
	}
	x, most := c.Min.X, l.nameWidth(end-c.Min.X)
	for _, e := range l.entries {
		fillRect(c, rect(x, y-swatch/2, x+swatch, y+swatch/2), e.fill)
		name := legendInk.cut(e.name, most)
		legendInk.Draw(c, vg.Point{X: x + swatch + 4, Y: y}, Left, Middle, name)
		x += swatch + 4 + legendInk.Width(name) + 1.5*swatch
	}
}

// nameWidth is the greatest width of a name: that of the widest if all entries fit into
// the room, else an equal share of it.
func (l legend) nameWidth(room vg.Length) vg.Length {
	const around = 2.5 * swatch // colour and gap of a name
	all, widest := vg.Length(0), vg.Length(0)
	for _, e := range l.entries {
		name := legendInk.Width(e.name)
		all, widest = all+around+name, max(widest, name)
	}
	if all <= room {
		return widest
	}
	return room/vg.Length(len(l.entries)) - around
}
