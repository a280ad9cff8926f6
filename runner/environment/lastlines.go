package environment

import (
	"bytes"
	"slices"
)

// LastLines are the last lines that a program printed, up to Keep of them, which can
// show why it failed. Empty ones do not count.
type LastLines struct {
	Keep  int
	Lines []string // the newest last
}

// Write takes one whole line, as a privacy.Filter hands them on.
func (l *LastLines) Write(line []byte) (int, error) {
	l.Add(string(bytes.TrimRight(line, "\r\n\t ")))
	return len(line), nil
}

// Add takes one line without its end.
func (l *LastLines) Add(line string) {
	if line == "" {
		return
	}
	l.Lines = append(l.Lines, line)
	l.Lines = slices.Delete(l.Lines, 0, max(0, len(l.Lines)-l.Keep))
}
