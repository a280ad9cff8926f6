package pdf

import (
	"strings"

	"coldstart/reports/chart"
	"coldstart/reports/figure"

	"gonum.org/v1/plot/vg"
)

// A figure's picture is this wide, with its numbers beside it. It has letters of 7 points.
const (
	pictureWidth  = vg.Length(248)
	pictureMost   = vg.Length(330) // height
	pictureGap    = vg.Length(10)
	numbersWidth  = textWidth - pictureWidth - pictureGap
	wordsGap      = vg.Length(6) // above the words
	numbersGap    = vg.Length(8) // above numbers that stand below the words
	leastOfScale  = 0.6          // of a picture with letters that can be read
	pictureBorder = vg.Length(6) // above the picture's title, at which the numbers begin
)

var (
	captionInk = chart.Letters(9)
	remarkInk  = chart.Letters(8.5)
)

// figurePart places a figure: its picture with the numbers beside it, and the caption below
// both. Numbers that are too wide or too many stand below the caption.
func figurePart(f *flow, d *figure.Data) error {
	picture, err := chart.New(d)
	if err != nil {
		return err
	}
	words := wordsOf(d)
	scale := fitted(picture, pictureWidth, pictureMost)
	numbers := d.Numbers()
	if g := newGrid(numbers, numbersWidth, beside); scale >= leastOfScale && fits(numbers, numbersWidth, beside) {
		_, high := picture.Size()
		high = max(high*vg.Length(scale), g.height()+pictureBorder)
		if whole := high + words.height(); whole <= pageHeight-pageMargin-pageFloor {
			f.beginBelow(d.Heading(d.Number(), ": "), whole)
			f.target(d.Number())
			f.picture(picture, scale)
			at := vg.Point{X: pageMargin + pictureWidth + pictureGap, Y: f.y - pictureBorder}
			f.mark(func(c *canvas) { g.draw(c, at) })
			f.skip(high)
			words.place(f)
			return nil
		}
	}
	f.below(d, picture, words)
	return nil
}

// below places a figure with its numbers below the picture, on one page if they fit.
func (f *flow) below(d *figure.Data, picture *chart.Chart, words words) {
	scale := fitted(picture, textWidth, pageHeight-2*pageMargin-words.height()-20)
	_, high := picture.Size()
	high *= vg.Length(scale)
	whole := high + words.height()
	if g := newGrid(d.Numbers(), textWidth, ofPage); whole+numbersGap+g.height() <= pageHeight-pageMargin-pageFloor {
		whole += numbersGap + g.height()
	}
	f.beginBelow(d.Heading(d.Number(), ": "), whole)
	f.target(d.Number())
	f.picture(picture, scale)
	f.skip(high)
	words.place(f)
	f.skip(numbersGap)
	f.table(d.Numbers())
}

// fitted is the scale at which a picture fits the width and height; it is never enlarged.
func fitted(p *chart.Chart, width, height vg.Length) float64 {
	w, h := p.Size()
	return min(1, float64(width/w), float64(height/h))
}

// words are what is written below a figure, line by line.
type words []line

type line struct {
	ink  chart.Ink
	lead vg.Length
	text string
}

// wordsOf are the caption, and what the figure lacks.
func wordsOf(d *figure.Data) (all words) {
	add := func(ink chart.Ink, text string) {
		for _, broken := range ink.Wrap(text, textWidth, 60) {
			all = append(all, line{ink, ink.Font.Size * 1.4, broken})
		}
	}
	add(captionInk, d.Caption())
	if !d.Complete {
		add(remarkInk.In(darkRed), "missing: "+strings.Join(d.InARow(), "; "))
	}
	if len(d.NotLogged) > 0 {
		add(remarkInk, "not logged: "+strings.Join(d.NotLogged, ", "))
	}
	return all
}

func (w words) height() (high vg.Length) {
	high = wordsGap
	for _, l := range w {
		high += l.lead
	}
	return high
}

func (w words) place(f *flow) {
	f.skip(wordsGap)
	for _, l := range w {
		f.text(l.ink, l.lead, l.text)
	}
}
