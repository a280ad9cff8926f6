package process

import (
	"bytes"
	"slices"
	"strings"
)

// Tail keeps the last lines of a program's output, except empty lines. A line ends with a
// line feed, or with a carriage return as in a progress bar.
type Tail struct {
	Keep int               // number of lines
	Each func(line string) // gets every complete line; may be nil

	lines []string
	rest  []byte // of an incomplete line
}

// mostLine is how many bytes of a line's end are kept.
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

// Lines are the last lines, the newest last, when the program has ended.
func (t *Tail) Lines() []string {
	t.add(t.rest)
	t.rest = nil
	return t.lines
}

func (t *Tail) String() string { return strings.Join(t.Lines(), "\n") }
