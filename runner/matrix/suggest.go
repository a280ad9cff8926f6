package matrix

import (
	"fmt"

	"github.com/hbollon/go-edlib"

	"coldstart/reports/table"
)

// choice ends a message on a wrong word: the right word if one is near, and all
// that there are, introduced as what they are.
func choice(written, intro string, words []string) string {
	all := intro + " " + listed(words)
	if near := suggestion(written, words); near != "" {
		return near + " " + all
	}
	return "; " + all
}

// mostListed bounds how many words a message lists.
const mostListed = 20

// listed is a list of words, or its beginning.
func listed(words []string) string { return table.First(words, mostListed) }

// suggestion ends a message with the right word if one is near.
func suggestion(written string, words []string) string {
	if near := nearest(written, words); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// longestMeant is longer than any name, in bytes. The time of a distance grows with its product.
const longestMeant = 100

// nearest is the word that was most likely meant, empty where none is near: at most half of
// the written letters are to be inserted, deleted, replaced or swapped with their neighbour.
func nearest(written string, words []string) string {
	if len(written) > longestMeant {
		return ""
	}
	nearest, least := "", len(written)/2+1
	for _, word := range words {
		if len(word) > longestMeant {
			continue
		}
		if n := edlib.OSADamerauLevenshteinDistance(written, word); n < least {
			nearest, least = word, n
		}
	}
	return nearest
}
