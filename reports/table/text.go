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

// Count is a number of things, such as "1 run" or "2 processes".
func Count(n int, noun string) string {
	return fmt.Sprintf("%d %s", n, Agree(n, noun, plural(noun)))
}

// Part is a number of things of all, such as "1 of 2 figures".
func Part(n, all int, noun string) string { return fmt.Sprintf("%d of %s", n, Count(all, noun)) }

// OneOf names a thing, or of several the first one: "2 logs, such as a.log".
func OneOf(names []string, noun string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s, such as %s", Count(len(names), noun), names[0])
}

// First names the first of several things, and counts the others: "a, b and 2 more". A single
// other is named as well, since "1 more" is no shorter.
func First(names []string, most int) string {
	if len(names) <= most+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// Agree is the word for one thing, or that for several or none: "is" or "are".
func Agree(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// plural is that of a regular noun.
func plural(noun string) string {
	stem, endsInY := strings.CutSuffix(noun, "y")
	switch {
	case endsInY && !strings.ContainsAny(stem[len(stem)-1:], "aeiou"):
		return stem + "ies"
	case strings.HasSuffix(noun, "s"):
		return noun + "es"
	}
	return noun + "s"
}
