package matrix

import (
	"fmt"
	"strings"
)

// choice ends a message on a wrong word: the right word if one is near, and all
// that there are, introduced as what they are.
func choice(written, intro string, words []string) string {
	all := intro + " " + strings.Join(words, ", ")
	if near := nearest(written, words); near != "" {
		return fmt.Sprintf("; did you mean %q? %s", near, all)
	}
	return "; " + all
}

// nearest is the word that was most likely meant, empty where none is near.
func nearest(written string, words []string) string {
	nearest, least := "", len(written)/2+1
	for _, word := range words {
		if n := edits(written, word); n < least {
			nearest, least = word, n
		}
	}
	return nearest
}

// edits counts the letters to insert, delete, replace or swap with their
// neighbour that make one word of the other.
func edits(a, b string) int {
	s, t := []rune(a), []rune(b)
	cost := make([][]int, len(s)+1) // cost[i][j] makes t[:j] of s[:i]
	for i := range cost {
		cost[i] = make([]int, len(t)+1)
		for j := range cost[i] {
			switch {
			case i == 0 || j == 0:
				cost[i][j] = i + j
			case s[i-1] == t[j-1]:
				cost[i][j] = cost[i-1][j-1]
			default:
				cost[i][j] = 1 + min(cost[i-1][j-1], cost[i-1][j], cost[i][j-1])
			}
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				cost[i][j] = min(cost[i][j], cost[i-2][j-2]+1)
			}
		}
	}
	return cost[len(s)][len(t)]
}
