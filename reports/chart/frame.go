package chart

import (
	"strings"

	"coldstart/reports/figure"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Margin is around every picture.
const Margin = vg.Length(9)

const (
	titleLead  = vg.Length(15)
	lineLead   = 1.25 // from small line to line, in font sizes
	frameGap   = vg.Length(5)
	maxMissing = 3 // lines; the report has everything
)

var (
	titleInk   = Letters(12).Bold()
	missingInk = Letters(9).In(darkRed)
	sourceInk  = Letters(7.5).In(grey)

	figureSourceInk = Letters(9.25).In(grey) // readable where the figure is made smaller
)

// A frame is the text around a picture's body.
type frame struct {
	title, missing, source []string // lines
	ink                    Ink      // of the source
}

func newFrame(d *figure.Data, width vg.Length) frame {
	f := frame{
		title:  titleInk.Wrap(d.Heading(d.Figure, " · "), width, 2),
		source: inParts(figureSourceInk, source(d), width),
		ink:    figureSourceInk,
	}
	if lacks := lacks(d); len(lacks) > 0 {
		f.missing = missingInk.Wrap(strings.Join(lacks, "; "), width, maxMissing)
	}
	return f
}

// lacks lists what the picture does not show.
func lacks(d *figure.Data) (lacks []string) {
	if !d.Complete {
		lacks = append(lacks, "missing: "+strings.Join(d.InARow(), "; "))
	}
	if len(d.NotLogged) > 0 {
		lacks = append(lacks, "not logged: "+strings.Join(d.NotLogged, ", "))
	}
	return lacks
}

// source says where the numbers come from, so that a replayed figure cannot pass for a
// measured one.
func source(d *figure.Data) []string {
	parts := []string{d.Origin().String()}
	if d.StandIn {
		parts = append(parts, "models with random weights")
	}
	if session := d.Origin().InSession(); session != "" {
		parts = append(parts, session)
	}
	nodes := "node "
	if len(d.Nodes) > 1 {
		nodes = "nodes "
	}
	return append(parts, nodes+d.Place())
}

// inParts writes parts one after the other, and begins a line rather than break a part.
func inParts(k Ink, parts []string, width vg.Length) (lines []string) {
	const between, most = " · ", 2 // most lines of a part
	for _, part := range parts {
		if last := len(lines) - 1; last >= 0 && k.Width(lines[last]+between+part) <= width {
			lines[last] += between + part
		} else {
			lines = append(lines, k.Wrap(part, width, most)...)
		}
	}
	return lines
}

func lead(k Ink, lines []string) vg.Length { return lineLead * k.Font.Size * vg.Length(len(lines)) }

func (f frame) above() vg.Length {
	return Margin + titleLead*vg.Length(len(f.title)) + lead(missingInk, f.missing) + frameGap
}

func (f frame) below() vg.Length {
	return frameGap + lead(f.ink, f.source) + Margin/2
}

func (f frame) draw(c draw.Canvas) {
	fillRect(c, c.Rectangle, white)
	at := vg.Point{X: c.Min.X + Margin, Y: c.Max.Y - Margin}
	for _, line := range f.title {
		titleInk.Draw(c, at, Left, Top, line)
		at.Y -= titleLead
	}
	for _, line := range f.missing {
		missingInk.Draw(c, at, Left, Top, line)
		at.Y -= lineLead * missingInk.Font.Size
	}
	at.Y = c.Min.Y + Margin/2 + lead(f.ink, f.source)
	for _, line := range f.source {
		f.ink.Draw(c, at, Left, Top, line)
		at.Y -= lineLead * f.ink.Font.Size
	}
}
