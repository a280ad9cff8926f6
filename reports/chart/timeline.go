package chart

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"time"

	"coldstart/reports/segment"
	"coldstart/reports/timeline"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A timeline is as wide as a column of a paper, 3.3 inches, so that it needs no scaling.
const (
	timelineWidth = vg.Length(3.3*72) - 2*Margin
	laneName      = vg.Length(11) // above a lane's bars
	laneBar       = vg.Length(20)
	laneGap       = vg.Length(4)
	markLead      = vg.Length(10) // from mark to mark
	timelineAxis  = vg.Length(32) // below the lanes
	timelineLead  = vg.Length(11) // from entry to entry of the legend
	timelineBox   = vg.Length(11) // in front of an entry
	legendGap     = vg.Length(4)

	mostLegendLines = 6 // of an entry
)

var (
	timelineInk = Letters(7.5)
	barInk      = Letters(7)
)

// NewTimeline lays one start-up out in time, with a lane per process.
func NewTimeline(t *timeline.Timeline) *Chart {
	b := newTimes(t)
	made := frame{title: titleInk.Wrap(t.Title(), timelineWidth, 2), ink: sourceInk}
	made.source = sourceInk.Wrap(timelineSource(t), timelineWidth, 3)
	return &Chart{frame: made, body: b}
}

// timelineSource names the log, and tells how exact it is.
func timelineSource(t *timeline.Timeline) string {
	if t.WholeSeconds {
		return t.Log + " · stamps in whole seconds"
	}
	return t.Log
}

// times is the body of a timeline. All times are in seconds from its begin.
type times struct {
	lanes  []lane
	marks  []mark // the latest first, so that no line crosses the name of another
	legend []segmentEntry
	end    float64
	axis   string
}

type lane struct {
	name string
	bars []timeBar
}

// timeBar is a segment of a process.
type timeBar struct {
	name     string
	number   string // in the legend
	from, to float64
	fill     color.Color
}

// mark is a moment that ends what the reader waits for.
type mark struct {
	name string
	at   float64
}

// segmentEntry is a segment in the legend: its lines of text.
type segmentEntry struct {
	bar   timeBar
	lines []string
}

func newTimes(t *timeline.Timeline) *times {
	b := &times{axis: "Time since the log's first stamp (s)", end: (t.FirstToken - t.Begin).Seconds()}
	if t.FromExec {
		b.axis = "Time since the process began (s)"
	}
	if t.FirstToken > t.Ready {
		b.marks = append(b.marks, mark{"first token", b.end})
	}
	b.marks = append(b.marks, mark{"ready", (t.Ready - t.Begin).Seconds()})
	for i := range t.Segments {
		b.explain(&t.Segments[i], b.bar(&t.Segments[i], t.Begin))
	}
	for _, l := range t.Lanes {
		drawn := lane{name: l.Name}
		for i := range l.Segments {
			s := &l.Segments[i]
			bar := b.bar(s, t.Begin)
			if bar.number == "" { // in the whole start-up it is one with others
				b.name(bar, s.Name+" of a worker")
				bar = b.bar(s, t.Begin)
			}
			drawn.bars = append(drawn.bars, bar)
		}
		b.lanes = append(b.lanes, drawn)
	}
	return b
}

// bar is a segment's bar, with its number in the legend. A worker may print its last line
// when all is over.
func (b *times) bar(s *segment.Segment, zero time.Duration) timeBar {
	since := func(at time.Duration) float64 { return min((at - zero).Seconds(), b.end) }
	bar := timeBar{name: s.Name, from: since(s.At().From), to: since(s.At().To), fill: segmentColors[s.FirstName()]}
	at := slices.IndexFunc(b.legend, func(e segmentEntry) bool { return e.bar.name == s.Name })
	if at >= 0 {
		bar.number = b.legend[at].bar.number
	}
	return bar
}

// explain adds a segment to the legend.
func (b *times) explain(s *segment.Segment, bar timeBar) {
	text := fmt.Sprintf("%s %.1f s, %.0f %%", spaced(s.Name), s.Seconds(), 100*s.Seconds()/b.end)
	if parts := largeParts(s, b.end); len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	b.name(bar, text)
}

// name gives a bar's segment the next number of the legend, and a text.
func (b *times) name(bar timeBar, text string) {
	bar.number = fmt.Sprint(len(b.legend) + 1)
	lines := timelineInk.Wrap(text, timelineWidth-timelineBox-legendGap, mostLegendLines)
	b.legend = append(b.legend, segmentEntry{bar, lines})
}

// largeShare is the share of all time from which a part is told.
const largeShare = 0.05

// largeParts are a segment's large parts with their seconds, if there are others.
func largeParts(s *segment.Segment, all float64) (parts []string) {
	for _, p := range s.Parts {
		if len(s.Parts) > 1 && p.Seconds >= largeShare*all {
			parts = append(parts, fmt.Sprintf("%s %.1f", spaced(p.Name), p.Seconds))
		}
	}
	return parts
}

// spaced is a name that can be wrapped.
func spaced(name string) string { return strings.ReplaceAll(name, "+", " + ") }

func (b *times) size() (width, height vg.Length) {
	return timelineWidth, b.plotHeight() + legendGap + b.legendHeight()
}

func (b *times) plotHeight() vg.Length {
	return markLead*vg.Length(len(b.marks)) + (laneName+laneBar+laneGap)*vg.Length(len(b.lanes)) + timelineAxis
}

func (b *times) legendHeight() (height vg.Length) {
	for _, e := range b.legend {
		height += timelineLead * vg.Length(len(e.lines))
	}
	return height
}

func (b *times) draw(c draw.Canvas) {
	p := axes(b.axis, "", timelineInk.Sized(8), timelineInk)
	p.HideY()
	p.X.Min, p.X.Max = 0, b.end
	p.Add(b)
	p.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: rect(c.Min.X, c.Max.Y-b.plotHeight(), c.Max.X, c.Max.Y)})
	b.drawLegend(draw.Canvas{Canvas: c.Canvas, Rectangle: rect(c.Min.X, c.Min.Y, c.Max.X, c.Min.Y+b.legendHeight())})
}

// Plot draws the marks behind the lanes.
func (b *times) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	b.drawMarks(c, x)
	y := c.Max.Y - markLead*vg.Length(len(b.marks))
	for _, l := range b.lanes {
		k := timelineInk.Bold()
		k.Draw(c, vg.Point{X: c.Min.X, Y: y - laneName + 3}, Left, Bottom, k.cut(l.name, c.Max.X-c.Min.X))
		y -= laneName
		line(c, stroke(0.5, grey), c.Min.X, y-laneBar/2, c.Max.X, y-laneBar/2)
		for _, bar := range l.bars {
			bar.draw(c, rect(x(bar.from), y-laneBar, x(bar.to), y))
		}
		y -= laneBar + laneGap
	}
}

// drawMarks draws each mark's line, and its name on the side where there is room.
func (b *times) drawMarks(c draw.Canvas, x func(float64) vg.Length) {
	for i, m := range b.marks {
		top := c.Max.Y - markLead*vg.Length(i)
		line(c, dashed(0.7, black), x(m.at), c.Min.Y, x(m.at), top)
		text := fmt.Sprintf("%s %.1f s", m.name, m.at)
		side, at := Right, x(m.at)-2
		if at-timelineInk.Width(text) < c.Min.X {
			side, at = Left, x(m.at)+2
		}
		timelineInk.Draw(c, vg.Point{X: at, Y: top}, side, Top, text)
	}
}

// draw fills the bar, and writes into it as much as fits: its name and time, its time, or
// its number in the legend.
func (bar *timeBar) draw(c draw.Canvas, r vg.Rectangle) {
	fillRect(c, r, bar.fill)
	if r.Size().X > 1 {
		outline(c, stroke(0.4, black), r)
	}
	k := barInk.In(textOn(bar.fill))
	seconds := fmt.Sprintf("%.1f s", bar.to-bar.from)
	for _, lines := range [][]string{{bar.name, seconds}, {seconds}, {bar.number}} {
		if fitsInto(r, k, lines) {
			writeInto(c, r, k, lines)
			return
		}
	}
}

const (
	barPad  = vg.Length(1.5) // beside a text
	barLead = vg.Length(8.5)
)

func fitsInto(r vg.Rectangle, k Ink, lines []string) bool {
	return !slices.ContainsFunc(lines, func(text string) bool { return k.Width(text)+2*barPad > r.Size().X })
}

// writeInto writes lines into the middle of a rectangle.
func writeInto(c draw.Canvas, r vg.Rectangle, k Ink, lines []string) {
	at := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y+r.Max.Y)/2 + barLead*vg.Length(len(lines)-1)/2}
	for _, text := range lines {
		k.Draw(c, at, Center, Middle, text)
		at.Y -= barLead
	}
}

// drawLegend names the segments in order of time.
func (b *times) drawLegend(c draw.Canvas) {
	y := c.Max.Y
	for _, e := range b.legend {
		box := rect(c.Min.X, y-timelineLead+1.5, c.Min.X+timelineBox, y-0.5)
		fillRect(c, box, e.bar.fill)
		outline(c, stroke(0.4, black), box)
		writeInto(c, box, barInk.In(textOn(e.bar.fill)), []string{e.bar.number})
		for _, text := range e.lines {
			timelineInk.Draw(c, vg.Point{X: box.Max.X + legendGap, Y: y - timelineLead/2}, Left, Middle, text)
			y -= timelineLead
		}
	}
}
