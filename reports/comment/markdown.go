package comment

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"

	"coldstart/reports/table"
)

// Greatest lengths of texts from results, in characters.
const (
	aName     = 60
	aTitle    = 100
	aSentence = 200
)

// plain makes text from results, which anybody may have written, one line of at most the
// given number of characters. It removes what would reverse the text around it, and
// mentions nobody.
func plain(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r), r == noWidth:
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return inert.Replace(cut(strings.Join(strings.Fields(text), " "), most))
}

func cut(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

// noWidth is an invisible space.
const noWidth = '\u200b'

// inert splits what GitHub acts on even in plain text: a mention, a reference to an
// issue, a link in a table.
var inert = strings.NewReplacer("@", "@\u200b", "#", "#\u200b", "](", "]\u200b(")

// escape is plain text in Markdown.
func escape(text string, most int) string { return specials.Replace(plain(text, most)) }

var specials = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "~", `\~`, "$", `\$`, "|", `\|`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
)

// fold is Markdown below a title to click on. The title is HTML, where Markdown's escapes
// do not work.
func fold(title, text string) string {
	title = html.EscapeString(plain(title, aTitle+aName))
	return fmt.Sprintf("\n<details><summary>%s</summary>\n\n%s\n</details>\n", title, text)
}

// markdownTable escapes the cells and drops empty columns.
func markdownTable(t table.Table) (string, error) {
	inertTable := table.Table{Rows: make([][]table.Cell, len(t.Rows))}
	for column, heading := range t.Header {
		if !slices.ContainsFunc(t.Rows, func(row []table.Cell) bool { return row[column].Text != "" }) {
			continue
		}
		inertTable.Header = append(inertTable.Header, plain(heading, aTitle))
		if column < len(t.Align) {
			inertTable.Align = append(inertTable.Align, t.Align[column])
		}
		for i, row := range t.Rows {
			cell := row[column]
			cell.Text = plain(cell.Text, aTitle)
			inertTable.Rows[i] = append(inertTable.Rows[i], cell)
		}
	}
	var text strings.Builder
	err := inertTable.Markdown(&text)
	return text.String(), err
}
