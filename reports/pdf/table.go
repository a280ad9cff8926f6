package pdf

import (
	"image/color"

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
	grey    = color.RGBA{R: 0x5A, G: 0x5A, B: 0x5A, A: 0xFF}

	cellInk  = chart.Letters(8.5)
	rowLead  = vg.Length(11)
	rowGap   = vg.Length(4)
	columnTo = vg.Length(12) // between columns
)

// A grid is a table whose cells are broken into lines.
type grid struct {
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

func (r row) height() vg.Length {
	lines := 1
	for _, c := range r.cells {
		lines = max(lines, len(c))
	}
	return vg.Length(lines)*rowLead + rowGap
}

// newGrid breaks the cells so that the table is at most width wide. If the columns need
// more, the wide ones share what the narrow ones leave.
func newGrid(t table.Table, width vg.Length) grid {
	inked := inked(t)
	widths := table.Share(width-columnTo*vg.Length(columns(t)-1), natural(inked))
	g := grid{widths: widths, align: t.Align}
	for _, w := range widths {
		g.columns = append(g.columns, g.width)
		g.width += w + columnTo
	}
	g.width -= columnTo
	for i, r := range inked {
		broken := row{inks: r.inks}
		for j, c := range r.cells {
			broken.cells = append(broken.cells, r.inks[j].Wrap(c[0], widths[j]+0.01, 8))
		}
		if i == 0 {
			g.header = broken
		} else {
			g.rows = append(g.rows, broken)
		}
	}
	return g
}

func columns(t table.Table) int {
	n := len(t.Header)
	for _, r := range t.Rows {
		n = max(n, len(r))
	}
	return max(n, 1)
}

// inked are the table's rows with styles, the header first, all of the same length.
func inked(t table.Table) []row {
	n := columns(t)
	rows := []row{blank(n)}
	for i, h := range t.Header {
		rows[0].cells[i], rows[0].inks[i] = []string{h}, cellInk.Bold()
	}
	for _, cells := range t.Rows {
		r := blank(n)
		for i, c := range cells {
			r.cells[i][0] = c.String()
			if c.Mismatch {
				r.inks[i] = cellInk.Bold().In(darkRed)
			}
		}
		rows = append(rows, r)
	}
	return rows
}

func blank(columns int) row {
	r := row{cells: make([][]string, columns), inks: make([]chart.Ink, columns)}
	for i := range columns {
		r.cells[i], r.inks[i] = []string{""}, cellInk
	}
	return r
}

const leastWidth = vg.Length(0.1)

// natural are the widths of the columns without line breaks.
func natural(rows []row) []vg.Length {
	widths := make([]vg.Length, len(rows[0].cells))
	for _, r := range rows {
		for i, c := range r.cells {
			widths[i] = max(widths[i], r.inks[i].Width(c[0]), leastWidth)
		}
	}
	return widths
}

func (g grid) height() vg.Length {
	h := g.header.height()
	for _, r := range g.rows {
		h += r.height()
	}
	return h
}

// drawRow writes a row below at.
func (g grid) drawRow(c vg.Canvas, r row, at vg.Point) {
	for i, lines := range r.cells {
		y := at.Y - rowGap/2 - (rowLead-cellInk.Height())/2
		x, side := at.X+g.columns[i], chart.Left
		if i < len(g.align) && g.align[i] == table.Right {
			x, side = x+g.widths[i], chart.Right
		}
		for _, line := range lines {
			r.inks[i].Draw(c, vg.Point{X: x, Y: y}, side, chart.Top, line)
			y -= rowLead
		}
	}
}

// drawRule draws a line over the table's width.
func (g grid) drawRule(c vg.Canvas, at vg.Point, width vg.Length, col color.Color) {
	dc := draw.Canvas{Canvas: c}
	dc.StrokeLine2(draw.LineStyle{Color: col, Width: width}, at.X, at.Y, at.X+g.width, at.Y)
}
