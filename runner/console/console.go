// Package console prints what commands say. It alone knows whether the output is a
// terminal, how wide that is, and how progress is shown there.
package console

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"unicode"

	"golang.org/x/term"

	"coldstart/reports/table"
)

// Console is where a command prints: results to Out, everything else to Err. Only tables
// have colour.
type Console struct {
	Out, Err io.Writer
	Screen   *table.Screen // on which tables are drawn; nil if programs read Out

	tables io.Writer // Out, where control characters colour tables
	tabled bool      // a table is the last thing on Out
	bars   io.Writer // Err, where control characters draw progress bars
	live   bool      // Err is a terminal, where lines can be redrawn
}

// System is the process's own console. As for other programs, the environment variable
// COLUMNS is the width of a terminal, and NO_COLOR takes the colour away.
func System() *Console {
	c := New(os.Stdout, os.Stderr)
	out, dumb := int(os.Stdout.Fd()), os.Getenv("TERM") == "dumb"
	if width, _, err := term.GetSize(out); err == nil {
		c.Screen = &table.Screen{Width: width, Colour: os.Getenv("NO_COLOR") == "" && !dumb}
	}
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && width > 0 {
		c.Screen = &table.Screen{Width: width, Colour: c.Screen != nil && c.Screen.Colour}
	}
	c.live = term.IsTerminal(int(os.Stderr.Fd())) && !dumb
	return c
}

// New is a console outside a terminal, such as a pipe or a test's buffer.
func New(out, err io.Writer) *Console {
	c := &Console{Err: printable{err}, tables: out, bars: err}
	c.Out = printable{untabled{c}}
	return c
}

// untabled writes to Out, and notes that the last thing there is no table.
type untabled struct{ console *Console }

func (u untabled) Write(text []byte) (int, error) {
	u.console.tabled = false
	return u.console.tables.Write(text)
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

// Table prints a table to Out: for a terminal as wide as that, for programs as lines with
// tabs. An empty line is between two tables.
func (c *Console) Table(t table.Table) error {
	if c.tabled {
		fmt.Fprintln(c.Out)
	}
	c.tabled = true
	if c.Screen == nil {
		return t.Lines(c.tables)
	}
	return t.Terminal(c.tables, *c.Screen)
}

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
