package table

import "strings"

// Plain is one line of text that mentions nobody.
func Plain(text string, most int) string { return inert.Replace(OneLine(text, most)) }

// inert splits what GitHub acts on even in plain text: a mention, a reference to an
// issue, a link in a table.
var inert = strings.NewReplacer("@", "@\u200b", "#", "#\u200b", "](", "]\u200b(")

// EscapeMarkdown is one line of plain text in Markdown: it says what it says and does
// nothing else.
func EscapeMarkdown(text string, most int) string { return specials.Replace(Plain(text, most)) }

// specials escapes Markdown and HTML. Underscores stay: inside a word, they are plain text.
var specials = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`, "~", `\~`, "$", `\$`, "|", `\|`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
)

// markdownCell escapes a cell line by line.
func markdownCell(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = specials.Replace(inert.Replace(visible(line)))
	}
	return strings.Join(lines, "<br>")
}
