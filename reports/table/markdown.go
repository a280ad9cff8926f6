package table

import (
	"strings"
	"unicode"
)

// OneLine makes text from results, which anybody may have written, one line of at most the
// given number of characters. It removes what would reverse the text around it.
func OneLine(text string, most int) string {
	return Cut(strings.Join(strings.Fields(visible(text)), " "), most)
}

// visible is text without control characters.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r), r == noWidth:
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// Cut is text of at most the given number of characters.
func Cut(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

// noWidth is an invisible space.
const noWidth = '\u200b'

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
