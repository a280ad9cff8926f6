// Package table draws tables: for a terminal, in Markdown and as CSV.
//
// A Table is a plain value of cells, independent of how it is drawn. Package pdf draws
// the same value. The text of cells and of the sentences around a table is cut, counted
// and escaped here, by the same rules.
package table

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Table is a header and rows. If a row is shorter than the header, its last cells are
// empty.
type Table struct {
	Header []string
	Rows   [][]Cell
	Align  []Align // by column; the default is Left

	// Groups tells that the text of a first cell also holds for the rows below it that have
	// none. A terminal shows it as a heading.
	Groups bool
	// Notes tells that the last column has notes, such as commands to copy. A terminal shows
	// each on a line of its own, which is not wrapped.
	Notes bool
	// Spare are the indices of columns that a narrow terminal leaves out.
	Spare []int
}

type Cell struct {
	Text     string // plain, without markup
	Brief    string // what a narrow terminal shows instead, if it is not empty
	Mismatch bool   // the cell contradicts another one
	Tone     Tone   // by which a terminal colours the cell
}

// Tone is whether a cell is good news.
type Tone uint8

const (
	Neutral Tone = iota
	Good
	Doubtful
	Bad
)

// String is the text, with "≠ " before it if the cell is a mismatch.
func (c Cell) String() string {
	if c.Mismatch {
		return "≠ " + c.Text
	}
	return c.Text
}

// Add appends a row of cells without a mark.
func (t *Table) Add(texts ...string) {
	row := make([]Cell, len(texts))
	for i, text := range texts {
		row[i].Text = text
	}
	t.Rows = append(t.Rows, row)
}

// Align is the side to which a column is aligned.
type Align uint8

const (
	Left Align = iota
	Right
)

// CSV writes the table with its header as CSV (RFC 4180, but with a plain
// newline at the end of a line). Control characters become spaces, and those that
// reverse text go: the file may be shown on a terminal. Errors are those of w.
func (t Table) CSV(w io.Writer) error {
	return csv.NewWriter(w).WriteAll(t.texts(printable))
}

// Markdown writes the table in GitHub's Markdown. The cells are plain text: what
// Markdown would read as markup is escaped, and a line break in a cell stays one.
// Errors are those of w.
func (t Table) Markdown(w io.Writer) error {
	return render(w, renderer.NewMarkdown(), tw.CellPadding{}, t.Align, t.texts(markdownCell))
}

// Lines writes the table for programs: a line for each row, the header first, with tabs
// between cells. A cell of a group has its text in every row. Errors are those of w.
func (t Table) Lines(w io.Writer) error {
	var lines strings.Builder
	group := ""
	for i, cells := range t.texts(printable) {
		if t.Groups && i > 0 && len(cells) > 0 {
			group = cmp.Or(cells[0], group)
			cells[0] = group
		}
		for j := range max(len(cells), len(t.Header)) {
			if j > 0 {
				lines.WriteByte('\t')
			}
			if j < len(cells) {
				lines.WriteString(strings.ReplaceAll(cells[j], "\n", " "))
			}
		}
		lines.WriteByte('\n')
	}
	_, err := io.WriteString(w, lines.String())
	return err
}

// texts are the header and the rows as text, each cell passed through change.
func (t Table) texts(change func(string) string) [][]string {
	texts := make([][]string, 1+len(t.Rows))
	for _, head := range t.Header {
		texts[0] = append(texts[0], change(head))
	}
	for i, row := range t.Rows {
		for _, cell := range row {
			texts[i+1] = append(texts[i+1], change(cell.String()))
		}
	}
	return texts
}

// render draws texts that are already wrapped and escaped, the header first. It draws in
// memory, because tablewriter does not report a writer's errors.
func render(w io.Writer, by tw.Renderer, padding tw.CellPadding, align []Align, texts [][]string) error {
	cells := tw.CellConfig{
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft, PerColumn: sides(align, len(texts[0]))},
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Padding:    padding,
	}
	var drawn bytes.Buffer
	out := tablewriter.NewTable(&drawn,
		tablewriter.WithConfig(tablewriter.Config{
			Header:   cells,
			Row:      cells,
			Behavior: tw.Behavior{TrimSpace: tw.Off, TrimTab: tw.Off, TrimLine: tw.Off},
		}),
		tablewriter.WithRenderer(by),
		tablewriter.WithEastAsian(tw.Off),
	)
	out.Header(texts[0])
	if err := out.Bulk(texts[1:]); err != nil {
		return err
	}
	if err := out.Render(); err != nil {
		return err
	}
	_, err := drawn.WriteTo(w)
	return err
}

// sides are the alignments of n columns.
func sides(align []Align, n int) []tw.Align {
	sides := slices.Repeat([]tw.Align{tw.AlignLeft}, n)
	for i, side := range align {
		if side == Right && i < n {
			sides[i] = tw.AlignRight
		}
	}
	return sides
}
