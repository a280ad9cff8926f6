package phase

import (
	"strings"
	"testing"
)

// A quiet line has the stamp that findStamp finds, whatever the line before began with.
func TestOpening(t *testing.T) {
	const message = " [core.py:700] ValueError: the next one is tried instead"
	const inColour = "\x1b[1;36m(EngineCore_0 pid=98)\x1b[0;0m "
	tests := []struct {
		begin string
		quiet bool
	}{
		{"DEBUG 02-09 16:09:51.123", true},
		{"DEBUG 02-09 16:09:51.124", true},
		{"DEBUG 02-09 16:09:51", true},
		{"DEBUG 02-09 16:09:51.12", true},
		{"INFO 02-09 16:09:51.124", true},
		{"WARNING 02-09 16:09:51.124", false},
		{"ERROR 02-09 16:09:51.124", false},
		{"DEBUG 02-09 16:09:52.124", true},
		{"(EngineCore_0 pid=98) DEBUG 02-09 16:09:52.124", true},
		{inColour + "DEBUG 02-09 16:09:52.124", true},
		{inColour + "ERROR 02-09 16:09:52.124", false},
		{inColour + "INFO 12-31 23:59:59", true},
		{"[1;36m(EngineCore_0 pid=98)[0;0m INFO 12-31 23:59:59", true},
		{"(at 02-09 16:09:51) INFO 12-31 23:59:59", true},
		{"[rank0]: INFO 12-31 23:59:59", true},
		{"[rank0]: INFO 12-31 23:59:59 (a request)", false},
		{"DEBUG 02-32 16:09:51.123", true},
		{"INFO 2026-02-09 16:09:51.123", false},
	}
	var o opening
	for _, test := range tests {
		line := []byte(test.begin + message)
		got, end, quiet := o.read(line)
		if quiet != test.quiet {
			t.Errorf("%s: quiet %t, want %t", line, quiet, test.quiet)
		}
		if want, wantEnd, _ := findStamp(line); quiet && (got != want || end != wantEnd) {
			t.Errorf("%s: stamp %v up to %d, want %v up to %d", line, got, end, want, wantEnd)
		}
	}
	for _, line := range []string{
		"", "(", strings.Repeat("(", 200), strings.Repeat(" ", 63) + ")", strings.Repeat("[", 63) + ") DEBUG x",
		strings.Repeat("[", 56) + ") DEBUG x", "(" + strings.Repeat("x", 54) + ") INFO 02",
	} {
		if _, _, quiet := o.read([]byte(line)); quiet {
			t.Errorf("%q is quiet", line)
		}
	}
}
