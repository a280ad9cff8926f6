// Package table is tables as text: for a terminal, in Markdown and as CSV.
//
// Whatever the program shows in rows and columns is a Table, a plain value of
// header and rows: the lab's hardware, a plan, a log's phases, a figure's
// numbers. It says nothing of how it is drawn, so the PDF pages are made from the
// same value. In the way of the data
//
//	hardware-matrix.yaml ──plan──▶ grid of cells ──measure──▶ results ──report──▶ PDFs, table, comment
//
// a Table is the last thing before a reader's eyes.
//
// The hardware table (Hardware) is the one table whose contents are made here:
// what the lab's file declares of each node, and beside it what a probe found.
package table

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Table is a header and rows of plain text. A row may be shorter than the header;
// its last cells are empty then.
type Table struct {
	Header []string
	Rows   [][]string
	Align  []Align // by column; a column without one is aligned left
}

// Align is the side of its column that a text keeps to.
type Align uint8

// Words keep left, numbers right.
const (
	Left Align = iota
	Right
)

// CSV writes the table with its header as CSV (RFC 4180, but with a plain
// newline at the end of a line). Errors are those of w.
func (t Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(t.Header); err != nil {
		return err
	}
	return out.WriteAll(t.Rows)
}

// Markdown writes the table in GitHub's Markdown. The cells are taken for plain
// text: what Markdown would read as markup is escaped, and a line break in a cell
// stays one. Errors are those of w.
func (t Table) Markdown(w io.Writer) error {
	return t.mapped(escaped).render(w, renderer.NewMarkdown())
}

func escaped(_ int, cell string) string { return markup.Replace(cell) }

// markup is what Markdown or HTML would not take for plain text, and how to write
// it instead. An underscore is none: names have them, inside a word.
var markup = strings.NewReplacer(
	"|", `\|`, `\`, `\\`, "`", "\\`", "*", `\*`, "<", "&lt;", "&", "&amp;",
	"\r\n", "<br>", "\n", "<br>", "\r", " ",
)

// Terminal writes the table with lines around its cells, at most width columns
// of the terminal wide: cells that would be too long are wrapped. A width of 0 or
// less is no limit, and nothing is narrower than a letter in each column. Control
// characters come out as spaces. Errors are those of w.
func (t Table) Terminal(w io.Writer, width int) error {
	lines := renderer.NewBlueprint(tw.Rendition{Symbols: tw.NewSymbols(tw.StyleLight)})
	return t.mapped(printable).wrapped(width).render(w, lines)
}

// mapped is the table with each cell as change makes it.
func (t Table) mapped(change func(column int, cell string) string) Table {
	row := func(cells []string) []string {
		changed := make([]string, len(cells))
		for i, cell := range cells {
			changed[i] = change(i, cell)
		}
		return changed
	}
	changed := Table{Header: row(t.Header), Align: t.Align}
	for _, cells := range t.Rows {
		changed.Rows = append(changed.Rows, row(cells))
	}
	return changed
}

// render has the table drawn as it is: the text has been wrapped and escaped
// before. It is drawn in memory, because tablewriter tells no errors of a writer.
func (t Table) render(w io.Writer, by tw.Renderer) error {
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
	out.Header(t.Header)
	if err := out.Bulk(t.Rows); err != nil {
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
