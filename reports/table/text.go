package table

import (
	"fmt"
	"strings"
)

// OneLine makes text from results, which anybody may have written, one line of at most the
// given number of characters. It removes what would reverse the text around it.
func OneLine(text string, most int) string {
	return Cut(strings.Join(strings.Fields(visible(text)), " "), most)
}

// visible is printable text without what takes no room.
func visible(text string) string {
	return strings.ReplaceAll(printable(strings.ToValidUTF8(text, "\uFFFD")), string(noWidth), "")
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
