package table

import (
	"io"
	"math"
	"strings"
)

// Screen is what a terminal can show.
type Screen struct {
	Width  int // in columns; 0 or less is no limit
	Colour bool
}

// Terminal writes the table as it fits a screen. If its columns are too wide together, it
// shows brief texts, leaves out spare columns and wraps lines between words, but not in the
// first column, which has names, nor in those aligned to the right, which have numbers. If
// that does not help, each row becomes a block of lines. Control characters become spaces.
// Errors are those of w.
func (t Table) Terminal(w io.Writer, s Screen) error {
	if len(t.Header) == 0 {
		return nil
	}
	if s.Width <= 0 {
		s.Width = math.MaxInt
	}
	all := t.sheet()
	notes, headings, indent := all.takeLastIf(t.Notes), all.takeFirstIf(t.Groups), ""
	if t.Groups {
		indent = "  "
	}
	head, rows, err := all.laidOut(Screen{s.Width - len(indent), s.Colour})
	if err != nil {
		return err
	}
	lines := indented(head, indent)
	for i, row := range rows {
		lines = append(lines, linesOf(headings[i], s.Width)...)
		lines = append(lines, indented(row, indent)...)
		lines = append(lines, indented(linesOf(notes[i], math.MaxInt), indent+"  → ")...)
	}
	_, err = io.WriteString(w, strings.Join(append(lines, ""), "\n"))
	return err
}

// linesOf are the lines of a text, wrapped; none if it is empty.
func linesOf(text string, width int) []string {
	if text == "" {
		return nil
	}
	return strings.Split(Wrap(text, width), "\n")
}

func indented(lines []string, by string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = by + line
	}
	return all
}
