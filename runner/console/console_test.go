package console

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"coldstart/reports/table"
)

// Control characters of a log or an artifact do not reach the terminal.
func TestControlCharacters(t *testing.T) {
	var out, err bytes.Buffer
	c := New(&out, &err)
	fmt.Fprint(c.Out, "a\x1b[31mb\a\tc\r\n")
	c.Notef("warning: %s", "\x1b]0;title\a€")
	if got, want := out.String(), "a [31mb \tc \n"; got != want {
		t.Errorf("results: %q, want %q", got, want)
	}
	if got, want := err.String(), "warning:  ]0;title €\n"; got != want {
		t.Errorf("notes: %q, want %q", got, want)
	}
}

// What stands between two tables separates them; otherwise an empty line does. A table's
// colours reach the terminal.
func TestTables(t *testing.T) {
	small := table.Table{Header: []string{"check"}, Rows: [][]table.Cell{{{Text: "pass", Tone: table.Good}}}}
	for _, test := range []struct {
		screen *table.Screen
		want   string
	}{
		{nil, "check\npass\n\ncheck\npass\ntext\ncheck\npass\n"},
		{&table.Screen{Width: 80, Colour: true}, strings.ReplaceAll("T\nTtext\nT", "T", "check\n─────\n\x1b[32mpass\x1b[0m\n")},
	} {
		var out bytes.Buffer
		c := New(&out, &bytes.Buffer{})
		c.Screen = test.screen
		err := errors.Join(c.Table(small), c.Table(small))
		fmt.Fprintln(c.Out, "text")
		if err := errors.Join(err, c.Table(small)); err != nil {
			t.Fatal(err)
		}
		if out.String() != test.want {
			t.Errorf("%+v: printed\n%q\nwant\n%q", test.screen, &out, test.want)
		}
	}
}
