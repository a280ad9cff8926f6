// Package console prints what commands say. It alone knows whether the output is a
// terminal, how wide that is, and how progress is shown there.
package console

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"unicode"

	"golang.org/x/term"

	"coldstart/reports/table"
)

// pipeWidth is the width of tables outside a terminal, in columns: that of a CI log.
const pipeWidth = 160

// Console is where a command prints: results to Out, everything else to Err. It never
// prints colour.
type Console struct {
	Out, Err io.Writer
	bars     io.Writer // Err, where control characters draw progress bars
	width    int       // of Out, in columns
	live     bool      // Err is a terminal, where lines can be redrawn
}

// System is the process's own console.
func System() *Console {
	c := New(os.Stdout, os.Stderr)
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && width > 0 {
		c.width = width
	}
	c.live = term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("TERM") != "dumb"
	return c
}

// New is a console outside a terminal, such as a pipe or a test's buffer.
func New(out, err io.Writer) *Console {
	return &Console{Out: printable{out}, Err: printable{err}, bars: err, width: pipeWidth}
}

// printable replaces control characters by spaces: text from a log or an artifact could
// move the cursor, or rename the terminal.
type printable struct{ to io.Writer }

func (p printable) Write(text []byte) (int, error) {
	_, err := p.to.Write(bytes.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, text))
	return len(text), err
}

// Table prints a table to Out, as wide as the terminal.
func (c *Console) Table(t table.Table) error { return t.Terminal(c.Out, c.width) }

// Notes prints lines to Err.
func (c *Console) Notes(notes []string) {
	for _, note := range notes {
		fmt.Fprintln(c.Err, note)
	}
}

// Notef prints a line to Err.
func (c *Console) Notef(format string, args ...any) { fmt.Fprintf(c.Err, format+"\n", args...) }

// Interruptedf prints a line to Err after Ctrl-C, in place of the ^C that a terminal shows.
func (c *Console) Interruptedf(format string, args ...any) {
	if c.live {
		fmt.Fprint(c.bars, "\r")
	}
	c.Notef(format, args...)
}
