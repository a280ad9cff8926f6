package chart

import (
	"fmt"
	"strings"

	"coldstart/reports/figure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func init() { layouts[figure.Segments] = layout{checkPoints, newStartUps} }

const (
	startUpLead  = vg.Length(19) // from bar to bar
	startUpBar   = vg.Length(13)
	startUpLabel = vg.Length(130) // a longer label is cut
	startUpGap   = vg.Length(6)   // between a label, its bar and its time
	startUpAxis  = vg.Length(32)  // below the bars
	entryLead    = vg.Length(14)  // from line to line of the legend
	entryGap     = vg.Length(14)  // between the entries of a line
)

// startUps has a lying bar per start-up, made of its segments, with the time to ready
// behind it.
type startUps struct {
	bars           []startUp
	legend         [][]step // lines of entries
	axis           string
	labels, totals vg.Length // widths
	longest        float64   // seconds
}

type startUp struct {
	label, total string
	steps        []step
}

func newStartUps(d *figure.Data) body {
	b := &startUps{axis: d.YLabel}
	for _, s := range d.Series {
		bar := startUp{label: rowInk.cut(s.Name, startUpLabel), total: fmt.Sprintf("%.1f s", figure.ToReady(s))}
		end := 0.0
		for _, p := range s.Points {
			g := segmentStep(p)
			g.low, g.high = end, end+max(p.Mean, 0)
			end = g.high
			bar.steps = append(bar.steps, g)
		}
		b.bars = append(b.bars, bar)
		b.longest = max(b.longest, end)
		b.labels, b.totals = max(b.labels, rowInk.Width(bar.label)), max(b.totals, rowInk.Bold().Width(bar.total))
	}
	var entries []step
	for _, p := range d.SegmentKinds() {
		entries = append(entries, segmentStep(p))
	}
	b.legend = inLines(entries, minWidth)
	return b
}

// segmentStep is a segment in its colour. Several that are one have the first one's, and
// are hatched.
func segmentStep(p figure.Point) step {
	first, _, several := strings.Cut(p.Key, "+")
	g := step{name: p.Label, value: p.Mean, fill: segmentColors[first]}
	if several {
		g.texture = hatched
	}
	return g
}

var (
	rowInk     = Letters(9.5)
	startUpInk = Letters(9)
)

// inLines breaks the entries of a legend into lines of a width.
func inLines(entries []step, width vg.Length) (lines [][]step) {
	left := vg.Length(0)
	for _, e := range entries {
		e.name = rowInk.cut(e.name, width-stackSwatch-entryGap)
		needed := stackSwatch + rowInk.Width(e.name) + entryGap
		if needed > left {
			lines, left = append(lines, nil), width
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], e)
		left -= needed
	}
	return lines
}

func (b *startUps) size() (width, height vg.Length) {
	return minWidth, entryLead*vg.Length(len(b.legend)) + startUpLead*vg.Length(len(b.bars)) + startUpAxis
}

func (b *startUps) draw(c draw.Canvas) {
	b.drawLegend(c)
	p := axes(b.axis, "", axisInk, tickInk)
	p.HideY()
	p.X.Min, p.X.Max = 0, b.longest
	if b.longest == 0 {
		p.X.Max = 1
	}
	p.Add(b)
	room := draw.Crop(c, b.labels+startUpGap, -b.totals-startUpGap, 0, -entryLead*vg.Length(len(b.legend)))
	p.Draw(room)
}

func (b *startUps) drawLegend(c draw.Canvas) {
	y := c.Max.Y - entryLead/2
	for _, line := range b.legend {
		x := c.Min.X
		for _, e := range line {
			box := rect(x, y-rowInk.Height()/2-1, x+stackSwatch-4, y+rowInk.Height()/2+1)
			e.draw(c, box)
			outline(c, stroke(0.4, black), box)
			rowInk.Draw(c, vg.Point{X: x + stackSwatch, Y: y}, Left, Middle, e.name)
			x += stackSwatch + rowInk.Width(e.name) + entryGap
		}
		y -= entryLead
	}
}

// Plot draws the bars from the top, with labels on the left and totals on the right.
func (b *startUps) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	y := c.Max.Y - startUpLead/2
	for _, bar := range b.bars {
		rowInk.Draw(c, vg.Point{X: c.Min.X - startUpGap, Y: y}, Right, Middle, bar.label)
		end := c.Min.X
		for _, g := range bar.steps {
			r := rect(x(g.low), y-startUpBar/2, x(g.high), y+startUpBar/2)
			end = r.Max.X
			g.draw(c, r)
			outline(c, stroke(0.4, black), r)
			if text := fmt.Sprintf("%.1f", g.value); fitsInto(r, startUpInk, []string{text}) {
				g.write(c, r, text)
			}
		}
		rowInk.Bold().Draw(c, vg.Point{X: end + startUpGap, Y: y}, Left, Middle, bar.total)
		y -= startUpLead
	}
}

// write writes into the middle of the step, on white where it has a texture.
func (g step) write(c draw.Canvas, r vg.Rectangle, text string) {
	k := startUpInk.In(textOn(g.fill))
	if g.texture != smooth {
		k = startUpInk
		mid, half := (r.Min.X+r.Max.X)/2, k.Width(text)/2+barPad
		fillRect(c, rect(mid-half, r.Min.Y+1, mid+half, r.Max.Y-1), white)
	}
	writeInto(c, r, k, []string{text})
}
