package process

import (
	"bytes"
	"slices"
	"strings"
)

// Tail keeps the last lines that a program printed, which can show why it failed. Empty
// lines do not count. A line ends with a line feed, or with a carriage return as those
// of a progress bar.
type Tail struct {
	Keep int               // lines, at most
	Each func(line string) // gets every line when it is complete; may be nil

	lines []string
	rest  []byte // of a line that is not complete
}

// mostLine is what is kept of one line, bytes: its end.
const mostLine = 16 << 10

func (t *Tail) Write(p []byte) (int, error) {
	t.rest = append(t.rest, p...)
	for {
		i := bytes.IndexAny(t.rest, "\r\n")
		if i < 0 {
			break
		}
		t.add(t.rest[:i])
		t.rest = t.rest[i+1:]
	}
	t.rest = t.rest[max(0, len(t.rest)-mostLine):]
	return len(p), nil
}

func (t *Tail) add(text []byte) {
	line := strings.ToValidUTF8(string(bytes.TrimRight(text, " \t")), "\uFFFD")
	if line == "" {
		return
	}
	if t.Each != nil {
		t.Each(line)
	}
	t.lines = append(t.lines, line)
	t.lines = slices.Delete(t.lines, 0, max(0, len(t.lines)-t.Keep))
}

// Lines are the last lines, the newest at the end. The program has ended: an
// incomplete line is complete.
func (t *Tail) Lines() []string {
	t.add(t.rest)
	t.rest = nil
	return t.lines
}

// String is the last lines as a text.
func (t *Tail) String() string { return strings.Join(t.Lines(), "\n") }
