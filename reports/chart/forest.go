package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"coldstart/reports/compare"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	forestPlot  = vg.Length(230) // width of the plot of differences
	forestLead  = vg.Length(17)  // from row to row
	forestGap   = vg.Length(12)  // between columns
	forestAxis  = vg.Length(32)  // below the rows
	forestLabel = vg.Length(220) // a longer label is cut
)

var (
	forestInk = Letters(9.5)
	slower    = hex(0xC04A00)
	faster    = hex(0x0069A6)
)

// NewComparison lays a comparison out, one chart per page. With several configurations,
// the first chart has the deciding phases of all in percent of A. Then each configuration
// has a chart of its phases in seconds. It fails if a number is not finite.
func NewComparison(c *compare.Comparison) ([]*Chart, error) {
	var charts []*Chart
	if len(c.Configurations) > 1 {
		if overview := newOverview(c); len(overview.rows) > 0 {
			charts = append(charts, overview.chart(c, "Deciding phases: "+deciding(c), leftOut(c)))
		}
	}
	for i := range c.Configurations {
		configuration := &c.Configurations[i]
		phases := newPhases(c, configuration)
		title := configuration.Label + " · " + configuration.Place()
		charts = append(charts, phases.chart(c, title, strings.Join(configuration.Warnings, "; ")))
	}
	for _, made := range charts {
		if err := made.body.(*forest).check(); err != nil {
			return nil, err
		}
	}
	return charts, nil
}

// deciding lists the deciding phases.
func deciding(c *compare.Comparison) string {
	var names []string
	for _, configuration := range c.Configurations {
		for _, p := range configuration.Phases {
			if name := p.Phase; p.Decides && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// leftOut lists what was not compared.
func leftOut(c *compare.Comparison) string {
	if len(c.LeftOut) == 0 {
		return ""
	}
	var all []string
	for _, l := range c.LeftOut {
		all = append(all, l.String())
	}
	return "not compared: " + strings.Join(all, "; ")
}

// A forest has one row per difference: its numbers, and a plot of the difference with its
// interval around the line of no difference.
type forest struct {
	rows    []forestRow
	heads   []string // of all columns
	axis    string
	columns []vg.Length // widths
}

// forestRow is one difference.
type forestRow struct {
	cells     []string // label, A, B; difference, verdict
	value     float64
	low, high *float64
	fill      color.Color
	bold      bool
}

// forestBefore is how many columns stand before the plot.
const forestBefore = 3

// newOverview makes one row per configuration and deciding phase.
func newOverview(c *compare.Comparison) *forest {
	f := &forest{axis: "B − A (% of A)", heads: []string{"Configuration", "A (s)", "B (s)", "B − A (%)", "p", ""}}
	one := !strings.Contains(deciding(c), ",") // phase, which is in the title
	for i := range c.Configurations {
		configuration := &c.Configurations[i]
		for j := range configuration.Phases {
			p := &configuration.Phases[j]
			if !p.Decides || p.Difference.Percent == nil {
				continue
			}
			label := configuration.Label
			if !one {
				label = p.Phase + ", " + label
			}
			f.add(c, p, label, 100/p.A.Mean)
		}
	}
	return f.settled()
}

// newPhases makes one row per phase of a configuration.
func newPhases(c *compare.Comparison, configuration *compare.Configuration) *forest {
	kind := "Phase"
	if configuration.Segments {
		kind = "Segment"
	}
	f := &forest{axis: "B − A (s)", heads: []string{kind, "A (s)", "B (s)", "B − A (%)", "p", ""}}
	for i := range configuration.Phases {
		p := &configuration.Phases[i]
		f.add(c, p, p.Phase, 1)
		f.rows[i].bold = p.Decides
	}
	return f.settled()
}

// add adds a row whose difference is shown in seconds times scale.
func (f *forest) add(c *compare.Comparison, p *compare.Phase, label string, scale float64) {
	d := &p.Difference
	row := forestRow{
		cells: []string{label, p.A.String(), p.B.String(), d.String(), p.PText(), c.VerdictText(p)},
		value: d.Seconds * scale, fill: verdictColor(p.Verdict),
	}
	if d.Low != nil {
		low, high := *d.Low*scale, *d.High*scale
		row.low, row.high = &low, &high
	}
	f.rows = append(f.rows, row)
}

func verdictColor(v compare.Verdict) color.Color {
	switch v {
	case compare.Slower:
		return slower
	case compare.Faster:
		return faster
	}
	return grey
}

// settled computes the widths of the columns, and returns f.
func (f *forest) settled() *forest {
	f.columns = make([]vg.Length, len(f.heads))
	for i, head := range f.heads {
		f.columns[i] = forestInk.Bold().Width(head)
		for _, row := range f.rows {
			f.columns[i] = min(forestLabel, max(f.columns[i], f.ink(&row).Width(row.cells[i])))
		}
	}
	return f
}

func (f *forest) ink(row *forestRow) Ink {
	if row.bold {
		return forestInk.Bold()
	}
	return forestInk
}

func (f *forest) size() (width, height vg.Length) {
	width = forestPlot + forestGap
	for _, column := range f.columns {
		width += column + forestGap
	}
	return width, forestLead*vg.Length(len(f.rows)+1) + forestAxis
}

func (f *forest) draw(c draw.Canvas) {
	x := c.Min.X
	for i := range f.heads {
		if i == forestBefore {
			f.drawPlot(draw.Canvas{Canvas: c.Canvas, Rectangle: rect(x, c.Min.Y, x+forestPlot, c.Max.Y-forestLead)})
			x += forestPlot + forestGap
		}
		f.drawColumn(c, i, x)
		x += f.columns[i] + forestGap
	}
}

// drawColumn writes a column: words aligned left, numbers right.
func (f *forest) drawColumn(c draw.Canvas, i int, x vg.Length) {
	side := Right
	if i == 0 || i == len(f.heads)-1 {
		side = Left
	}
	if side == Right {
		x += f.columns[i]
	}
	write := func(k Ink, y vg.Length, text string) {
		k.Draw(c, vg.Point{X: x, Y: y}, side, Middle, k.cut(text, forestLabel))
	}
	write(forestInk.Bold(), c.Max.Y-forestLead/2, f.heads[i])
	for n := range f.rows {
		row := &f.rows[n]
		k := f.ink(row)
		if i == len(f.heads)-1 {
			k = k.In(row.fill)
		}
		write(k, c.Max.Y-forestLead*(vg.Length(n)+1.5), row.cells[i])
	}
}

// drawPlot draws the differences over their axis.
func (f *forest) drawPlot(c draw.Canvas) {
	p := axes(f.axis, "", axisInk, tickInk)
	p.HideY()
	p.X.Tick.Marker = ticks(4)
	p.X.Min, p.X.Max = f.reach()
	p.Y.Min, p.Y.Max = -float64(len(f.rows)), 0
	p.Add(forestPainter{f})
	foot := c.Max.Y - forestLead*vg.Length(len(f.rows))
	// The plot takes what its axis needs below; the rows keep their height.
	below := p.DataCanvas(c).Min.Y - c.Min.Y
	p.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: rect(c.Min.X, foot-below, c.Max.X, c.Max.Y)})
}

// reach is the range of the axis; it contains 0.
func (f *forest) reach() (low, high float64) {
	for _, row := range f.rows {
		low, high = min(low, row.value), max(high, row.value)
		if row.low != nil {
			low, high = min(low, *row.low), max(high, *row.high)
		}
	}
	if low == high {
		return -1, 1
	}
	const spare = 0.04
	width := high - low
	return low - spare*width, high + spare*width
}

// forestPainter draws the differences into the plot.
type forestPainter struct{ *forest }

func (f forestPainter) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		line(c, stroke(0.5, faint), x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
	}
	line(c, stroke(0.7, black), x(0), c.Min.Y, x(0), c.Max.Y)
	for i, row := range f.rows {
		at := y(-float64(i) - 0.5)
		if row.low != nil {
			s := stroke(1.2, row.fill)
			line(c, s, x(*row.low), at, x(*row.high), at)
			for _, end := range []float64{*row.low, *row.high} {
				line(c, s, x(end), at-2.5, x(end), at+2.5)
			}
		}
		const half = 2.6 // of the mark
		fillRect(c, rect(x(row.value)-half, at-half, x(row.value)+half, at+half), row.fill)
	}
}

// check finds differences that cannot be drawn.
func (f *forest) check() error {
	for _, row := range f.rows {
		if !finite(row.value) || !finiteOrAbsent(row.low) || !finiteOrAbsent(row.high) || math.Abs(row.value) > 1e12 {
			return fmt.Errorf("%s: a difference is not finite or too large to draw: %v from %v to %v",
				row.cells[0], row.value, shown(row.low), shown(row.high))
		}
	}
	return nil
}

// chart puts the forest into its frame. careful is a warning to the reader, or empty.
func (f *forest) chart(c *compare.Comparison, title, careful string) *Chart {
	width, _ := f.size()
	made := frame{title: titleInk.Wrap(title, width, 2), ink: sourceInk}
	if careful != "" {
		made.missing = missingInk.Wrap(careful, width, maxMissing)
	}
	for _, side := range c.Heading()[:2] {
		made.source = append(made.source, sourceInk.Wrap(side, width, 2)...)
	}
	var facts []string
	for _, fact := range c.Differs {
		facts = append(facts, fact.String())
	}
	if len(facts) > 0 {
		made.source = append(made.source, sourceInk.Wrap("A and B differ in "+strings.Join(facts, "; "), width, 2)...)
	}
	how := "Means and differences with their 95 % confidence intervals. p is adjusted for all tested phases."
	if c.SingleRuns() {
		how = "One run a side: no interval and no test."
	}
	made.source = append(made.source, sourceInk.Wrap(how, width, 2)...)
	return &Chart{frame: made, body: f}
}
