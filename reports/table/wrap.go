package table

import (
	"cmp"
	"regexp"
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

// widest is the width of the widest piece of a text's lines.
func widest(text string, pieces func(line string) []string) (width int) {
	for line := range strings.SplitSeq(text, "\n") {
		for _, piece := range pieces(line) {
			width = max(width, displayed(piece))
		}
	}
	return width
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

// Wrap breaks lines that are wider than limit, in columns: between words, or inside a word that is
// wider by itself.
func Wrap(text string, limit int) string {
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
	for _, word := range Words(line) {
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

// asLine is a line that is not to be broken.
func asLine(line string) []string { return []string{line} }

// Words are the words of a line, the first one with its indentation. A number is one with
// its unit, its error, and the name that it is equal to.
func Words(line string) (words []string) {
	for i, word := range strings.Fields(line) {
		switch {
		case i == 0:
			words = append(words, line[:strings.Index(line, word)]+word)
		case ofNumber.MatchString(word), beforeNumber.MatchString(words[len(words)-1]):
			words[len(words)-1] += " " + word
		default:
			words = append(words, word)
		}
	}
	return words
}

// ofNumber matches what belongs to the number or name before it, and beforeNumber what ends with
// a sign that belongs to the number behind it.
var (
	ofNumber     = regexp.MustCompile(`^((%|s|GiB)[.,;:)]*|[±=])$`)
	beforeNumber = regexp.MustCompile(` [±=]$`)
)

// longWord is the width from which a word may be broken behind a hyphen or a slash.
const longWord = 16

// syllables is the words of a line, and the parts of long ones.
func syllables(line string) (parts []string) {
	for _, word := range Words(line) {
		parts = append(parts, syllablesOf(word)...)
	}
	return parts
}

func syllablesOf(word string) (parts []string) {
	if displayed(word) < longWord {
		return []string{word}
	}
	for word != "" {
		end := 1 + strings.IndexAny(word, "-/")
		if end == 0 {
			end = len(word)
		}
		parts, word = append(parts, word[:end]), word[end:]
	}
	return parts
}

// chop cuts a word into pieces that fit, between syllables where it can.
func chop(word string, limit int) (pieces []string) {
	piece := ""
	for _, syllable := range syllablesOf(word) {
		if displayed(piece+syllable) <= limit {
			piece += syllable
			continue
		}
		if piece != "" {
			pieces = append(pieces, piece)
		}
		piece = ""
		for _, r := range syllable {
			if piece != "" && displayed(piece+string(r)) > limit {
				pieces, piece = append(pieces, piece), ""
			}
			piece += string(r)
		}
	}
	return append(pieces, piece)
}
