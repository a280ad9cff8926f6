// Package table draws tables: for a terminal, in Markdown and as CSV.
//
// A Table is a plain value of cells, independent of how it is drawn. Package pdf draws
// the same value. The text of cells and of the sentences around a table is cut, counted
// and escaped here, by the same rules.
package table

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"

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
}

type Cell struct {
	Text     string // plain, without markup
	Mismatch bool   // the cell contradicts another one
}

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
	return t.render(w, renderer.NewMarkdown(), t.texts(markdownCell))
}

// Terminal writes the table with lines around its cells, at most width columns
// of the terminal wide: cells that would be too long are wrapped. A width of 0 or
// less is no limit, and each column keeps at least one letter. Control characters
// become spaces. Errors are those of w.
func (t Table) Terminal(w io.Writer, width int) error {
	lines := renderer.NewBlueprint(tw.Rendition{Symbols: tw.NewSymbols(tw.StyleLight)})
	return t.render(w, lines, wrapped(t.texts(printable), width))
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

// render draws texts that are already wrapped and escaped. It draws in memory, because
// tablewriter does not report a writer's errors.
func (t Table) render(w io.Writer, by tw.Renderer, texts [][]string) error {
	cells := tw.CellConfig{
		Alignment:  tw.CellAlignment{Global: tw.AlignLeft, PerColumn: t.alignment()},
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
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

func (t Table) alignment() []tw.Align {
	sides := slices.Repeat([]tw.Align{tw.AlignLeft}, len(t.Header))
	for i, side := range t.Align {
		if side == Right && i < len(sides) {
			sides[i] = tw.AlignRight
		}
	}
	return sides
}
