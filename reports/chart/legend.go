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

// A legend stands above a plot: the meaning of the colours, and a remark at the right, on
// a line of its own if both are too wide. The zero legend takes no space.
type legend struct {
	entries []entry
	remark  string
	twoLine bool // as settled
}

type entry struct {
	name string
	fill color.Color
}

// settled decides on the lines of a legend of that width.
func (l legend) settled(width vg.Length) legend {
	l.twoLine = l.remark != "" && len(l.entries) > 0 && l.entriesWidth()+legendInk.Bold().Width(l.remark) > width
	return l
}

func (l legend) height() vg.Length {
	switch {
	case len(l.entries) == 0 && l.remark == "":
		return 0
	case l.twoLine:
		return 2 * legendLead
	}
	return legendLead
}

func (l legend) draw(c draw.Canvas) {
	y := c.Max.Y - swatch/2
	end := c.Max.X
	if l.remark != "" {
		legendInk.Bold().Draw(c, vg.Point{X: end, Y: y}, Right, Middle, l.remark)
		if l.twoLine {
			y -= legendLead
		} else {
			end -= legendInk.Bold().Width(l.remark) + swatch
		}
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

// around is the colour and the gap of a name.
const around = 2.5 * swatch

func (l legend) entriesWidth() (width vg.Length) {
	for _, e := range l.entries {
		width += around + legendInk.Width(e.name)
	}
	return width
}

// nameWidth is the greatest width of a name: unlimited if all entries fit into the room,
// else an equal share of it.
func (l legend) nameWidth(room vg.Length) vg.Length {
	if all := l.entriesWidth(); all <= room {
		return all
	}
	return room/vg.Length(len(l.entries)) - around
}
