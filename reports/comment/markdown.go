package comment

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"coldstart/reports/table"
)

// Greatest lengths of texts from results, in characters.
const (
	aName     = 60
	aTitle    = 100
	aSentence = 200
)

// fold is Markdown below a title to click on. The title is HTML, where Markdown's escapes
// do not work.
func fold(title, text string) string {
	title = html.EscapeString(table.Plain(title, aTitle+aName))
	return fmt.Sprintf("\n<details><summary>%s</summary>\n\n%s\n</details>\n", title, text)
}

// markdownTable shortens the cells and drops empty columns.
func markdownTable(t table.Table) (string, error) {
	short := table.Table{Rows: make([][]table.Cell, len(t.Rows))}
	for column, heading := range t.Header {
		if !slices.ContainsFunc(t.Rows, func(row []table.Cell) bool { return row[column].Text != "" }) {
			continue
		}
		short.Header = append(short.Header, table.OneLine(heading, aTitle))
		if column < len(t.Align) {
			short.Align = append(short.Align, t.Align[column])
		}
		for i, row := range t.Rows {
			cell := row[column]
			cell.Text = table.OneLine(cell.Text, aTitle)
			short.Rows[i] = append(short.Rows[i], cell)
		}
	}
	var text strings.Builder
	err := short.Markdown(&text)
	return text.String(), err
}
