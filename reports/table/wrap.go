package table

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// printable replaces control characters by spaces, because they could move the cursor or
// colour the terminal, and removes what would reverse the text around it.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r) && r != '\n':
			return ' '
		}
		return r
	}, text)
}

// wrapped breaks the lines of cells that would make a table wider than width. The
// first row is the header, which has every column.
func wrapped(rows [][]string, width int) [][]string {
	if width <= 0 || len(rows[0]) == 0 {
		return rows
	}
	limits := limits(rows, width)
	for _, cells := range rows {
		for i := range cells {
			cells[i] = wrap(cells[i], limits[min(i, len(limits)-1)])
		}
	}
	return rows
}

// limits is the greatest width of each column. Each column first gets its longest word,
// then the rest is shared, so words are broken only if they must be.
func limits(rows [][]string, width int) []int {
	left := width - 3*len(rows[0]) - 1 // a line and two spaces a column, and the last line
	whole := widths(rows, func(line string) []string { return []string{line} })
	limits := Share(left, widths(rows, wordsOf))
	for _, n := range limits {
		left -= n
	}
	for i := range whole {
		whole[i] -= limits[i]
	}
	for i, more := range Share(left, whole) {
		limits[i] = max(1, limits[i]+more)
	}
	return limits
}

// widths is the width of each column's widest piece of a line.
func widths(rows [][]string, pieces func(line string) []string) []int {
	widths := make([]int, len(rows[0]))
	for _, cells := range rows {
		for i, cell := range cells[:min(len(cells), len(widths))] {
			for line := range strings.SplitSeq(cell, "\n") {
				for _, piece := range pieces(line) {
					widths[i] = max(widths[i], displayed(piece))
				}
			}
		}
	}
	return widths
}

// Share divides a total width among columns. Each gets its need, or an equal part if
// that is less. A column that needs less than an equal part leaves the rest to the
// others.
func Share[T int | ~float64](total T, needs []T) []T {
	modest := make([]int, len(needs)) // indices, the smallest need first
	for i := range modest {
		modest[i] = i
	}
	slices.SortStableFunc(modest, func(a, b int) int { return cmp.Compare(needs[a], needs[b]) })
	shares := make([]T, len(needs))
	for n, i := range modest {
		shares[i] = max(0, min(needs[i], total/T(len(modest)-n)))
		total -= shares[i]
	}
	return shares
}

// displayed is the number of terminal columns that a text takes. Signs such as × and ≠
// take one in every locale.
func displayed(text string) int {
	return twwidth.WidthWithOptions(text, twwidth.Options{})
}

// wrap breaks lines that are wider than limit: between words, or inside a word that is
// wider by itself.
func wrap(text string, limit int) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapLine(line, limit)...)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, limit int) []string {
	if displayed(line) <= limit {
		return []string{line}
	}
	var lines []string
	current := ""
	for _, word := range wordsOf(line) {
		if current != "" && displayed(current)+1+displayed(word) <= limit {
			current += " " + word
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		pieces := chop(word, limit)
		lines = append(lines, pieces[:len(pieces)-1]...)
		current = pieces[len(pieces)-1]
	}
	return append(lines, current)
}

// wordsOf is the words of a line, the first one with its indentation.
func wordsOf(line string) []string {
	words := strings.Fields(line)
	if len(words) > 0 {
		words[0] = line[:strings.Index(line, words[0])] + words[0]
	}
	return words
}

// chop cuts a word into pieces that fit.
func chop(word string, limit int) []string {
	var pieces []string
	piece, width := "", 0
	for _, r := range word {
		w := displayed(string(r))
		if piece != "" && width+w > limit {
			pieces = append(pieces, piece)
			piece, width = "", 0
		}
		piece += string(r)
		width += w
	}
	return append(pieces, piece)
}
