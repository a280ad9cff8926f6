package pdf

import (
	"image/color"
	"slices"
	"strings"

	"coldstart/reports/chart"
	"coldstart/reports/table"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Section is a title, a table and notes. The table's first column names its rows.
type Section struct {
	Title string
	Table table.Table
	Notes []string // sentences
}

var (
	darkRed = color.RGBA{R: 0x8B, A: 0xFF}
	blue    = color.RGBA{R: 0x00, G: 0x4A, B: 0x8F, A: 0xFF} // of links
	grey    = color.RGBA{R: 0x5A, G: 0x5A, B: 0x5A, A: 0xFF}

	ofPage = setting{ink: chart.Letters(8.5), lead: 11, gap: 4, between: 12}
	beside = setting{ink: chart.Letters(7.5), lead: 9.2, gap: 2.8, between: 6} // a picture
)

// A setting is the size of a table's text.
type setting struct {
	ink                chart.Ink
	lead, gap, between vg.Length // from line to line, between rows, between columns
}

// A grid is a table whose cells are broken into lines.
type grid struct {
	setting
	columns []vg.Length // left edges
	widths  []vg.Length
	align   []table.Align // as of the table
	width   vg.Length
	header  row
	rows    []row
}

// A row has the lines of each column.
type row struct {
	cells [][]string
	inks  []chart.Ink
}

func (g grid) rowHeight(r row) vg.Length {
	lines := 1
	for _, c := range r.cells {
		lines = max(lines, len(c))
	}
	return vg.Length(lines)*g.lead + g.gap
}

// newGrid breaks the cells so that the table is at most width wide. Words are cut only if
// they must be.
func newGrid(t table.Table, width vg.Length, in setting) grid {
	inked := inked(t, in.ink)
	widths := shared(inked, width-in.between*vg.Length(columns(t)-1))
	g := grid{setting: in, widths: widths, align: t.Align}
	for _, w := range widths {
		g.columns = append(g.columns, g.width)
		g.width += w + in.between
	}
	g.width -= in.between
	for i, r := range inked {
		broken := row{inks: r.inks}
		for j, c := range r.cells {
			broken.cells = append(broken.cells, r.inks[j].Wrap(c[0], widths[j]+0.01, 8))
		}
		if i == 0 {
			g.header = low(broken)
		} else {
			g.rows = append(g.rows, broken)
		}
	}
	return g
}

// namesFigures reports whether the rows begin with numbers of figures.
func (g grid) namesFigures() bool { return strings.Join(g.header.cells[0], "") == "Figure" }

// low puts the lines of a row's cells at its lower edge.
func low(r row) row {
	most := 0
	for _, c := range r.cells {
		most = max(most, len(c))
	}
	for i, c := range r.cells {
		r.cells[i] = append(make([]string, most-len(c)), c...)
	}
	return r
}

func columns(t table.Table) int {
	n := len(t.Header)
	for _, r := range t.Rows {
		n = max(n, len(r))
	}
	return max(n, 1)
}

// inked are the table's rows with styles, the header first, all of the same length.
func inked(t table.Table, ink chart.Ink) []row {
	n := columns(t)
	rows := []row{blank(n, ink)}
	for i, h := range t.Header {
		rows[0].cells[i], rows[0].inks[i] = []string{h}, ink.Bold()
	}
	for _, cells := range t.Rows {
		r := blank(n, ink)
		for i, c := range cells {
			r.cells[i][0] = c.String()
			if c.Mismatch {
				r.inks[i] = ink.Bold().In(darkRed)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

func blank(columns int, ink chart.Ink) row {
	r := row{cells: make([][]string, columns), inks: make([]chart.Ink, columns)}
	for i := range columns {
		r.cells[i], r.inks[i] = []string{""}, ink
	}
	return r
}

const leastWidth = vg.Length(0.1)

// shared are the widths of the columns: first their longest words, then what the cells need
// for one line, then what the header needs. What is too little is shared.
func shared(rows []row, width vg.Length) []vg.Length {
	whole := func(cell string) []string { return []string{cell} }
	widths := make([]vg.Length, len(rows[0].cells))
	for _, needs := range [][]vg.Length{
		widest(rows, len(widths), table.Words), widest(rows[1:], len(widths), whole), widest(rows, len(widths), whole),
	} {
		for i := range needs {
			needs[i] = max(0, needs[i]-widths[i])
		}
		for i, w := range table.Share(width, needs) {
			widths[i] += w
			width -= w
		}
	}
	return widths
}

// widest are the widths of the columns' widest pieces of a cell.
func widest(rows []row, columns int, pieces func(cell string) []string) []vg.Length {
	widths := slices.Repeat([]vg.Length{leastWidth}, columns)
	for _, r := range rows {
		for i, c := range r.cells {
			for _, piece := range pieces(c[0]) {
				widths[i] = max(widths[i], r.inks[i].Width(piece))
			}
		}
	}
	return widths
}

// fits reports whether a table can be so narrow without a word that is cut.
func fits(t table.Table, width vg.Length, in setting) bool {
	width -= in.between * vg.Length(columns(t)-1)
	for _, w := range widest(inked(t, in.ink), columns(t), table.Words) {
		width -= w
	}
	return width >= 0
}

func (g grid) height() vg.Length {
	h := vg.Length(0)
	for _, r := range g.all() {
		h += g.rowHeight(r)
	}
	return h
}

// drawRow writes a row below at.
func (g grid) drawRow(c vg.Canvas, r row, at vg.Point) {
	for i, lines := range r.cells {
		y := at.Y - g.gap/2 - (g.lead-g.ink.Height())/2
		x, side := at.X+g.columns[i], chart.Left
		if i < len(g.align) && g.align[i] == table.Right {
			x, side = x+g.widths[i], chart.Right
		}
		for _, line := range lines {
			r.inks[i].Draw(c, vg.Point{X: x, Y: y}, side, chart.Top, line)
			y -= g.lead
		}
	}
}

// draw draws the whole table below at.
func (g grid) draw(c vg.Canvas, at vg.Point) {
	g.drawRule(c, at, 0.8, color.Black)
	for i, r := range g.all() {
		g.drawRow(c, r, at)
		at.Y -= g.rowHeight(r)
		if i == 0 || i == len(g.rows) {
			g.drawRule(c, at, 0.6, color.Black)
		}
	}
}

// drawRule draws a line over the table's width.
func (g grid) drawRule(c vg.Canvas, at vg.Point, width vg.Length, col color.Color) {
	dc := draw.Canvas{Canvas: c}
	dc.StrokeLine2(draw.LineStyle{Color: col, Width: width}, at.X, at.Y, at.X+g.width, at.Y)
}

// all are the rows of the header and of the body.
func (g grid) all() []row { return append([]row{g.header}, g.rows...) }
