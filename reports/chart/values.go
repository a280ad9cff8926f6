package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	valueSize    = vg.Length(9.5)
	minValueSize = vg.Length(9)   // smaller values are turned
	valueHalo    = vg.Length(1)   // of background around a value
	valuePad     = vg.Length(2.5) // from a value to the end of a bar or error bar
)

// A pen is the size and direction in which a graph's values are written.
type pen struct {
	Ink
	height, width vg.Length // of the space that a value takes, turned or not
}

// pen chooses size and direction: upright, and smaller if necessary, if the widest value
// fits its bar; else turned.
func (g *bargraph) pen(perSlot vg.Length) pen {
	widest, narrowest := vg.Length(0), vg.Length(math.Inf(1))
	for _, b := range g.bars {
		widest = max(widest, Letters(valueSize).Width(number(b.value)))
		narrowest = min(narrowest, vg.Length(b.width)*perSlot)
	}
	if size := min(valueSize, valueSize*(narrowest-2*valueHalo-0.5)/widest); size >= minValueSize {
		upright := Letters(size)
		return pen{Ink: upright, height: upright.Height(), width: widest * size / valueSize}
	}
	size := min(valueSize, narrowest*1.3) // a digit is 0.72 of the size high
	turned := Letters(size).turned(quarterTurn)
	return pen{Ink: turned, height: widest * size / valueSize, width: turned.Height()}
}

// A value is a bar's number at its place.
type value struct {
	Ink
	text string
	box  vg.Rectangle
	back color.Color // background
}

// place puts a bar's value in the middle of the part of the bar below its error bar, or
// above both if that part is too short.
func (k pen) place(b bar, x, y func(float64) vg.Length) value {
	v := value{Ink: k.Ink, text: number(b.value)}
	foot, end := y(0), y(b.value)
	if b.stderr != nil {
		end = y(max(b.value-*b.stderr, 0))
	}
	mid := (foot + end) / 2
	if b.value > 0 && end-foot >= k.height+2*valuePad {
		v.back, v.Color = b.fill, textOn(b.fill)
	} else {
		mid = y(b.top()) + valuePad + 1 + k.height/2
		v.back = white
	}
	at := x(b.at)
	v.box = rect(at-k.width/2, mid-k.height/2, at+k.width/2, mid+k.height/2)
	return v
}

// draw writes the value on a patch of its background, so that lines and hatching do not
// cross it.
func (v value) draw(c draw.Canvas) {
	box := v.box
	fillRect(c, rect(box.Min.X-valueHalo, box.Min.Y-valueHalo, box.Max.X+valueHalo, box.Max.Y+valueHalo), v.back)
	at := vg.Point{X: (v.box.Min.X + v.box.Max.X) / 2, Y: (v.box.Min.Y + v.box.Max.Y) / 2}
	v.Ink.Draw(c, at, Center, Middle, v.text)
}
