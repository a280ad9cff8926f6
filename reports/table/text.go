package table

import (
	"fmt"
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

// Count is a number of things, such as "1 run" or "2 runs".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
