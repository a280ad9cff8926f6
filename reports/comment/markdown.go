package comment

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"coldstart/reports/markdown"
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
	title = html.EscapeString(markdown.Plain(title, aTitle+aName))
	return fmt.Sprintf("\n<details><summary>%s</summary>\n\n%s\n</details>\n", title, text)
}

// markdownTable escapes the cells and drops empty columns.
func markdownTable(t table.Table) (string, error) {
	inertTable := table.Table{Rows: make([][]table.Cell, len(t.Rows))}
	for column, heading := range t.Header {
		if !slices.ContainsFunc(t.Rows, func(row []table.Cell) bool { return row[column].Text != "" }) {
			continue
		}
		inertTable.Header = append(inertTable.Header, markdown.Plain(heading, aTitle))
		if column < len(t.Align) {
			inertTable.Align = append(inertTable.Align, t.Align[column])
		}
		for i, row := range t.Rows {
			cell := row[column]
			cell.Text = markdown.Plain(cell.Text, aTitle)
			inertTable.Rows[i] = append(inertTable.Rows[i], cell)
		}
	}
	var text strings.Builder
	err := inertTable.Markdown(&text)
	return text.String(), err
}
