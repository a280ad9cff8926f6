// Package markdown writes text from results, which anybody may have written, into
// Markdown, where it says what it says and does nothing else.
package markdown

import (
	"strings"
	"unicode"
)

// Plain makes text from results, which anybody may have written, one line of at most the
// given number of characters. It removes what would reverse the text around it, and
// mentions nobody.
func Plain(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r), r == noWidth:
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return inert.Replace(Cut(strings.Join(strings.Fields(text), " "), most))
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

// inert splits what GitHub acts on even in plain text: a mention, a reference to an
// issue, a link in a table.
var inert = strings.NewReplacer("@", "@\u200b", "#", "#\u200b", "](", "]\u200b(")

// Escape is plain text in Markdown. Underscores stay: inside a word, they are plain text.
func Escape(text string, most int) string { return specials.Replace(Plain(text, most)) }

var specials = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`, "~", `\~`, "$", `\$`, "|", `\|`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
)
