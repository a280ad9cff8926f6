package console

import (
	"bytes"
	"fmt"
	"testing"
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
