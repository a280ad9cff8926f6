package matrix

import (
	"fmt"
	"strings"

	"github.com/hbollon/go-edlib"
)

// choice ends a message on a wrong word: the right word if one is near, and all
// that there are, introduced as what they are.
func choice(written, intro string, words []string) string {
	all := intro + " " + strings.Join(words, ", ")
	if near := suggestion(written, words); near != "" {
		return near + " " + all
	}
	return "; " + all
}

// suggestion ends a message with the right word if one is near.
func suggestion(written string, words []string) string {
	if near := nearest(written, words); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// nearest is the word that was most likely meant, empty where none is near: at most half of
// the written letters are to be inserted, deleted, replaced or swapped with their neighbour.
func nearest(written string, words []string) string {
	nearest, least := "", len(written)/2+1
	for _, word := range words {
		if n := edlib.OSADamerauLevenshteinDistance(written, word); n < least {
			nearest, least = word, n
		}
	}
	return nearest
}
