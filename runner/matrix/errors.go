package matrix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in the lab's file.
type Error struct {
	File    string // as it was given to Load or Parse
	Line    int    // from 1
	Column  int    // from 1, in characters
	Message string // what is wrong and what would be right
	Snippet string // the source line, empty at the end of the file
}

// Error is the position and the message, and below them the source line with a
// mark under the column.
func (e *Error) Error() string {
	head := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Snippet == "" {
		return head
	}
	number := fmt.Sprint(e.Line)
	margin := strings.Repeat(" ", len(number))
	line, column := e.excerpt()
	return fmt.Sprintf("%s\n%s |\n%s | %s\n%s | %s^", head, margin, number, string(line), margin, indent(line, column))
}

// longestExcerpt is how much of a source line is shown, in characters.
const longestExcerpt = 160

// excerpt is the source line around the column, and the column in it.
func (e *Error) excerpt() (line []rune, column int) {
	line = []rune(e.Snippet)
	from := 0
	if e.Column > longestExcerpt {
		from = min(len(line), e.Column-longestExcerpt/2)
	}
	return line[from:min(len(line), from+longestExcerpt)], e.Column - from
}

// indent is the white space that puts a mark below the column. It repeats the
// line's tabs, whose width only the terminal knows.
func indent(line []rune, column int) string {
	var b strings.Builder
	for i := range column - 1 {
		if i < len(line) && line[i] == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Errors is what is wrong in the lab's file, by position, mostFound mistakes at most. It is
// never empty when returned as an error.
type Errors []*Error

// mostFound ends the reading of a file. It is more than mostShown, because the file is not
// read in the order of its lines, and aliases repeat mistakes.
const mostFound = 50

// mostShown bounds how many mistakes are shown at once.
const mostShown = 20

// Error puts one mistake below the other.
func (e Errors) Error() string {
	var texts []string
	for _, err := range e[:min(len(e), mostShown)] {
		texts = append(texts, err.Error())
	}
	if len(e) > mostShown {
		texts = append(texts, "and more")
	}
	return strings.Join(texts, "\n")
}

// byPosition sorts mistakes as they stand in the file and drops repeated ones:
// an aliased block is read once for each alias.
func byPosition(errs Errors) Errors {
	slices.SortStableFunc(errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(errs, func(a, b *Error) bool { return *a == *b })
}
