package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"

	"coldstart/reports/history"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	stripsWidth = minWidth      // of the body, as of figures: its text is readable in a column
	stripsLeft  = vg.Length(38) // for the seconds
	stripHead   = vg.Length(16) // above a strip: the phase's name and its last change
	stripHeight = vg.Length(32)
	wholeHeight = vg.Length(60)
	stripGap    = vg.Length(5)  // below a strip
	stripsTop   = vg.Length(11) // for the marks' numbers
	stripsFoot  = vg.Length(28) // for the commits
	keyLead     = vg.Length(11)
	mostKeys    = 6 // marks that are named; the latest
	longestKey  = 2 // lines of a mark's name
)

var (
	stripName = Letters(9.5).Bold()
	stripInk  = Letters(9)
	smallInk  = Letters(9)
	levelInk  = hex(0x222222)
	markInk   = hex(0x8C8C8C)
)

// NewHistory lays a history out, one chart per series. Each phase is a strip, with its own
// scale of seconds; they share the axis of commits.
func NewHistory(all []*history.Series) []*Chart {
	charts := make([]*Chart, len(all))
	for i, s := range all {
		charts[i] = &Chart{frame: historyFrame(s), body: newStrips(s)}
	}
	return charts
}

func historyFrame(s *history.Series) frame {
	const how = "Each line: a phase's mean over the runs of a commit, in seconds; bars: its levels, without outliers. " +
		"Triangles: slower (up) or faster (down) from here on. Dashed: the environment changed."
	source := figureSourceInk.Wrap(s.Origin()+" · "+s.Span(), stripsWidth, 2)
	return frame{
		title:  titleInk.Wrap(s.String(), stripsWidth, 2),
		source: append(source, figureSourceInk.Wrap(how, stripsWidth, 3)...),
		ink:    figureSourceInk,
	}
}

// strips are the phases of a series, one above the other.
type strips struct {
	series *history.Series
	lines  []*history.Line
	key    []string // lines that name the marks
}

func newStrips(s *history.Series) *strips {
	made := &strips{series: s, lines: s.Shown()}
	first := max(0, len(s.Marks)-mostKeys)
	for i, mark := range s.Marks[first:] {
		name := fmt.Sprintf("%d · %s: %s", first+i+1, s.Named(mark.At), mark)
		made.key = append(made.key, smallInk.Wrap(name, stripsWidth, longestKey)...)
	}
	return made
}

func height(l *history.Line) vg.Length {
	if l.Whole {
		return wholeHeight
	}
	return stripHeight
}

func (s *strips) size() (width, total vg.Length) {
	total = stripsTop + stripsFoot + keyLead*vg.Length(len(s.key))
	for _, l := range s.lines {
		total += stripHead + height(l) + stripGap
	}
	return stripsWidth, total
}

// x is the place of a record on the axis of commits.
func (s *strips) x(c draw.Canvas, record float64) vg.Length {
	left, right := c.Min.X+stripsLeft, c.Max.X
	return left + (right-left)*vg.Length((record+0.5)/float64(len(s.series.Records)))
}

func (s *strips) draw(c draw.Canvas) {
	foot := c.Min.Y + keyLead*vg.Length(len(s.key)) + stripsFoot
	s.drawMarks(c, foot)
	top := c.Max.Y - stripsTop
	for _, l := range s.lines {
		s.drawHead(c, l, top)
		top -= stripHead
		s.drawStrip(c, l, rect(c.Min.X+stripsLeft, top-height(l), c.Max.X, top))
		top -= height(l) + stripGap
	}
	s.drawCommits(c, foot)
	at := vg.Point{X: c.Min.X, Y: c.Min.Y + keyLead*vg.Length(len(s.key))}
	for _, text := range s.key {
		smallInk.Draw(c, at, Left, Top, text)
		at.Y -= keyLead
	}
}

// drawMarks draws a line through all strips where the environment changed. Of numbers that
// would overlap, the latest is written.
func (s *strips) drawMarks(c draw.Canvas, foot vg.Length) {
	free := c.Max.X // of the row of numbers
	for i, mark := range slices.Backward(s.series.Marks) {
		x, number := s.x(c, float64(mark.At)-0.5), strconv.Itoa(i+1)
		line(c, dashed(0.6, markInk), x, foot, x, c.Max.Y-stripsTop)
		if half := smallInk.Width(number) / 2; x+half <= free {
			smallInk.Draw(c, vg.Point{X: x, Y: c.Max.Y}, Center, Top, number)
			free = x - half - 2
		}
	}
}

// drawHead writes a phase's name, its last change and its last value.
func (s *strips) drawHead(c draw.Canvas, l *history.Line, top vg.Length) {
	fillRect(c, rect(c.Min.X, top-stripHead+1, c.Max.X, top), white)
	y := top - 6.5
	last := number(l.Seconds[len(l.Seconds)-1]) + " s"
	stripInk.Draw(c, vg.Point{X: c.Max.X, Y: y}, Right, Middle, last)
	room := stripsWidth - stripInk.Width(last) - 8
	name := stripName.cut(l.Phase, room)
	stripName.Draw(c, vg.Point{X: c.Min.X, Y: y}, Left, Middle, name)
	used := stripName.Width(name) + 8
	if n := len(l.Changes); n > 0 && room-used > stripInk.Width("slower") {
		ink := stripInk.In(changeColor(l.Changes[n-1]))
		ink.Draw(c, vg.Point{X: c.Min.X + used, Y: y}, Left, Middle, ink.cut(l.LastChange(), room-used))
	}
}

func changeColor(c history.Change) color.Color {
	if c.Share() > 0 {
		return slower
	}
	return faster
}

// drawStrip draws a phase: its scale, its values, its levels and its changes.
func (s *strips) drawStrip(c draw.Canvas, l *history.Line, area vg.Rectangle) {
	low, high := reach(l.Clean)
	y := func(seconds float64) vg.Length { // a value outside is at the edge
		share := (min(max(seconds, low), high) - low) / (high - low)
		return area.Min.Y + vg.Length(share)*(area.Max.Y-area.Min.Y)
	}
	for _, t := range twoTicks(low, high) {
		line(c, stroke(0.5, faint), area.Min.X, y(t.Value), area.Max.X, y(t.Value))
		smallInk.Draw(c, vg.Point{X: area.Min.X - 3, Y: y(t.Value)}, Right, Middle, smallInk.cut(t.Label, stripsLeft-4))
	}
	var path []vg.Point
	for _, i := range thinned(l.Seconds) {
		path = append(path, vg.Point{X: s.x(c, float64(l.At[i])), Y: y(l.Seconds[i])})
	}
	c.StrokeLines(stroke(0.7, plain), path)
	if len(path) <= mostDots {
		for _, p := range path {
			fillRect(c, rect(p.X-1.2, p.Y-1.2, p.X+1.2, p.Y+1.2), plain)
		}
	}
	s.drawLevels(c, l, area, y)
}

// drawLevels draws the means between the changes, and a triangle below each change.
func (s *strips) drawLevels(c draw.Canvas, l *history.Line, area vg.Rectangle, y func(float64) vg.Length) {
	for i, change := range l.Changes {
		begin, end := 0, len(l.At)-1
		if i > 0 {
			begin = l.Changes[i-1].At
		}
		if i+1 < len(l.Changes) {
			end = l.Changes[i+1].At - 1
		}
		at := s.x(c, float64(l.At[change.At])-0.5)
		level := stroke(1.4, levelInk)
		line(c, level, s.x(c, float64(l.At[begin])-0.5), y(change.Before), at, y(change.Before))
		line(c, level, at, y(change.After), s.x(c, float64(l.At[end])+0.5), y(change.After))
		triangle(c, vg.Point{X: at, Y: area.Min.Y + 3.5}, change)
	}
}

// triangle points up at a change for the slower, and down at one for the faster.
func triangle(c draw.Canvas, at vg.Point, change history.Change) {
	const half = vg.Length(3.5)
	tip := half
	if change.Share() < 0 {
		tip = -half
	}
	c.FillPolygon(changeColor(change), []vg.Point{
		{X: at.X - half, Y: at.Y - tip}, {X: at.X + half, Y: at.Y - tip}, {X: at.X, Y: at.Y + tip},
	})
}

// reach is the range of a strip's scale: that of its values, and at least 2 % of their
// middle on either side, so that a phase that hardly varies looks so.
func reach(values []float64) (low, high float64) {
	low, high = slices.Min(values), slices.Max(values)
	middle := (low + high) / 2
	half := max((high-low)/2*1.15, 0.02*middle, 0.001)
	return middle - half, middle + half
}

// twoTicks are the fewest marks that tell the scale.
func twoTicks(low, high float64) (marks []plot.Tick) {
	for n := 2; len(marks) < 2; n++ {
		marks = ticks(n).Ticks(low, high)
	}
	return marks
}

const (
	mostDots  = 80  // of a line whose values have dots
	mostSteps = 600 // of a line
)

// thinned are the indices of the values that are drawn: all, or the least and the greatest of
// each stretch, so that the line covers the same range.
func thinned(values []float64) (indices []int) {
	stretch := 1
	if len(values) > mostSteps {
		stretch = int(math.Ceil(2 * float64(len(values)) / mostSteps))
	}
	for from := 0; from < len(values); from += stretch {
		least, most := from, from
		for i := from; i < min(from+stretch, len(values)); i++ {
			if values[i] < values[least] {
				least = i
			}
			if values[i] > values[most] {
				most = i
			}
		}
		indices = append(indices, min(least, most))
		if least != most {
			indices = append(indices, max(least, most))
		}
	}
	return indices
}

// mostCommits is how many commits the axis names.
const mostCommits = 4

// drawCommits names some commits below the strips: their hashes and days.
func (s *strips) drawCommits(c draw.Canvas, foot vg.Length) {
	line(c, stroke(0.7, black), c.Min.X+stripsLeft, foot, c.Max.X, foot)
	records := s.series.Records
	last := len(records) - 1
	written := -1
	for i := range mostCommits {
		at := int(math.Round(float64(i*last) / (mostCommits - 1)))
		if at == written {
			continue
		}
		written = at
		x, side := s.x(c, float64(at)), Center
		switch {
		case last == 0:
		case at == 0:
			side = Left
		case at == last:
			side = Right
		}
		line(c, stroke(0.7, black), x, foot, x, foot-3)
		smallInk.Draw(c, vg.Point{X: x, Y: foot - 5}, side, Top, records[at].Short())
		smallInk.Draw(c, vg.Point{X: x, Y: foot - 16}, side, Top, records[at].Day(records[last]))
	}
}
