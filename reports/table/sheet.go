package table

import (
	"bytes"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// sheet is the columns of a table that a terminal shows side by side.
type sheet struct {
	columns []column
	rows    int
}

type column struct {
	header string
	cells  []Cell // printable, one for each row
	align  Align
	spare  bool
}

// gap is the room between two columns.
const gap = 2

// sheet is the table column by column.
func (t Table) sheet() sheet {
	s := sheet{columns: make([]column, len(t.Header)), rows: len(t.Rows)}
	for i, header := range t.Header {
		c := &s.columns[i]
		c.header, c.spare = printable(header), slices.Contains(t.Spare, i)
		if i < len(t.Align) {
			c.align = t.Align[i]
		}
		for _, row := range t.Rows {
			var cell Cell
			if i < len(row) {
				cell = row[i]
				cell.Text, cell.Brief = printable(cell.String()), printable(cell.Brief)
			}
			c.cells = append(c.cells, cell)
		}
	}
	return s
}

// takeFirstIf removes the first column if it is asked for. It returns a text for each row.
func (s *sheet) takeFirstIf(asked bool) []string { return s.takeIf(asked, 0) }

func (s *sheet) takeLastIf(asked bool) []string { return s.takeIf(asked, len(s.columns)-1) }

func (s *sheet) takeIf(asked bool, i int) []string {
	texts := make([]string, s.rows)
	if !asked {
		return texts
	}
	for row, cell := range s.columns[i].cells {
		texts[row] = cell.Text
	}
	s.columns = slices.Delete(s.columns, i, i+1)
	return texts
}

// laidOut is the lines of the header, and those of each row, as they fit a screen.
func (s sheet) laidOut(screen Screen) (head []string, rows [][]string, err error) {
	if total(s.widths(asLine)) <= screen.Width {
		return s.drawn(screen.Colour)
	}
	brief := s.brief()
	for spare := brief.spare(); spare >= 0 && total(brief.widths(asLine)) > screen.Width; spare = brief.spare() {
		brief.columns = slices.Delete(brief.columns, spare, spare+1)
	}
	if total(brief.widths(syllables)) > screen.Width {
		rows, err = s.blocks(screen)
		return nil, rows, err
	}
	brief.wrap(screen.Width)
	return brief.drawn(screen.Colour)
}

// brief is the sheet with the brief texts of cells.
func (s sheet) brief() sheet {
	b := sheet{rows: s.rows}
	for _, c := range s.columns {
		c.cells = slices.Clone(c.cells)
		for i := range c.cells {
			if cell := &c.cells[i]; cell.Brief != "" {
				cell.Text = cell.Brief
			}
		}
		b.columns = append(b.columns, c)
	}
	return b
}

// spare is the last column that is spare; -1 if none is.
func (s sheet) spare() int {
	for i, c := range slices.Backward(s.columns) {
		if c.spare {
			return i
		}
	}
	return -1
}

// wrap breaks lines so that the sheet is at most width wide. Each column first gets what it
// needs not to break a word, then the rest is shared.
func (s sheet) wrap(width int) {
	left := width - gap*(len(s.columns)-1)
	limits := make([]int, len(s.columns))
	for _, pieces := range []func(string) []string{syllables, Words, asLine} {
		needs := s.widths(pieces)
		for i := range needs {
			needs[i] -= limits[i]
		}
		for i, more := range Share(left, needs) {
			limits[i] += more
			left -= more
		}
	}
	for i := range s.columns {
		c, limit := &s.columns[i], max(1, limits[i])
		c.header = Wrap(c.header, limit)
		for j := range c.cells {
			c.cells[j].Text = Wrap(c.cells[j].Text, limit)
		}
	}
}

// widths is the width of each column's widest piece that is not to be broken.
func (s sheet) widths(pieces func(line string) []string) []int {
	widths := make([]int, len(s.columns))
	for i, c := range s.columns {
		widths[i] = widest(c.header, pieces)
		whole := pieces
		if i == 0 || c.align == Right {
			whole = asLine
		}
		for _, cell := range c.cells {
			widths[i] = max(widths[i], widest(cell.Text, whole))
		}
	}
	return widths
}

// total is the width of columns beside each other.
func total(widths []int) int {
	all := gap * (len(widths) - 1)
	for _, width := range widths {
		all += width
	}
	return all
}

// drawn is the lines of the header and of each row.
func (s sheet) drawn(colour bool) (head []string, rows [][]string, err error) {
	texts := make([][]string, 1+s.rows)
	align := make([]Align, len(s.columns))
	for i, c := range s.columns {
		align[i] = c.align
		texts[0] = append(texts[0], c.header)
		for j, cell := range c.cells {
			texts[1+j] = append(texts[1+j], painted(cell, colour))
		}
	}
	by := renderer.NewBlueprint(tw.Rendition{
		Borders: tw.BorderNone, Symbols: tw.NewSymbols(tw.StyleLight),
		Settings: tw.Settings{Separators: tw.SeparatorsNone},
	})
	padding := slices.Repeat([]tw.Padding{{Right: strings.Repeat(" ", gap), Overwrite: true}}, len(s.columns))
	padding[len(padding)-1] = tw.PaddingNone
	var out bytes.Buffer
	if err := render(&out, by, tw.CellPadding{PerColumn: padding}, align, texts); err != nil {
		return nil, nil, err
	}
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	const rule = 1 // line below the header
	n := height(texts[0]) + rule
	head, lines = lines[:n], lines[n:]
	for _, row := range texts[1:] {
		n := height(row)
		rows, lines = append(rows, lines[:n]), lines[n:]
	}
	return head, rows, nil
}

// height is the number of lines of a row.
func height(texts []string) int {
	most := 0
	for _, text := range texts {
		most = max(most, 1+strings.Count(text, "\n"))
	}
	return most
}

// blocks are rows as lines of their own: the first cell, and below it every other one behind
// its header.
func (s sheet) blocks(screen Screen) (rows [][]string, err error) {
	const indent = "  "
	for i := range s.rows {
		names, values := column{}, column{}
		for _, c := range s.columns[1:] {
			if c.cells[i].Text != "" {
				names.cells, values.cells = append(names.cells, Cell{Text: c.header}), append(values.cells, c.cells[i])
			}
		}
		block := linesOf(s.columns[0].cells[i].Text, screen.Width)
		if len(names.cells) > 0 {
			fields := sheet{columns: []column{names, values}, rows: len(names.cells)}
			fields.wrap(screen.Width - len(indent))
			_, lines, err := fields.drawn(screen.Colour)
			if err != nil {
				return nil, err
			}
			block = append(block, indented(slices.Concat(lines...), indent)...)
		}
		rows = append(rows, block)
	}
	return rows, nil
}

// colours of a terminal by tone: green, yellow, red.
var colours = map[Tone]string{Good: "\x1b[32m", Doubtful: "\x1b[33m", Bad: "\x1b[31m"}

// painted is a cell's text, each line in the colour of its tone.
func painted(cell Cell, colour bool) string {
	if !colour || cell.Tone == Neutral || cell.Text == "" {
		return cell.Text
	}
	lines := strings.Split(cell.Text, "\n")
	for i, line := range lines {
		lines[i] = colours[cell.Tone] + line + "\x1b[0m"
	}
	return strings.Join(lines, "\n")
}
