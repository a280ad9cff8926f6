package process

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOutput(t *testing.T) {
	tests := []struct{ name, script, stdout, stderr, err string }{
		{"both streams", "echo out; echo err >&2", "out\n", "", ""},
		{"it fails", "echo out; seq 100 >&2; exit 3", "out\n", "81\n82", "exit status 3"},
		{"it prints without end", "exec yes", "y\ny\n", "", "it wrote more than 8388608 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stdout, err := shell(test.script).Output(t.Context())
			if !strings.HasPrefix(string(stdout), test.stdout) || len(stdout) > mostOutput {
				t.Errorf("%d bytes, %.20q", len(stdout), stdout)
			}
			if (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
				t.Errorf("error %v, want %q", err, test.err)
			}
			var failed *exec.ExitError
			if errors.As(err, &failed) && !bytes.HasPrefix(failed.Stderr, []byte(test.stderr)) {
				t.Errorf("standard error: %q", failed.Stderr)
			}
		})
	}
}

func TestOutputLimit(t *testing.T) {
	p := shell("trap '' TERM; while :; do sleep 1; done")
	p.Limit = 100 * time.Millisecond
	var limit *LimitError
	if _, err := p.Output(t.Context()); !errors.As(err, &limit) {
		t.Errorf("error %v", err)
	}
}

func TestTail(t *testing.T) {
	tests := []struct {
		name    string
		writes  []string
		keeps   string // with Keep 10, and what Each gets; | between lines
		atMost2 string // with Keep 2
	}{
		{"lines in pieces", []string{"one\ntw", "o\n", "three\n"}, "one|two|three", "two|three"},
		{"an incomplete line", []string{"one\nhalf"}, "one|half", "one|half"},
		{"progress", []string{"10 %\r20 %\r\nend \t\n"}, "10 %|20 %|end", "20 %|end"},
		{"empty lines", []string{"\n \n  indented\n\n"}, "  indented", "  indented"},
		{"no UTF-8", []string{"a\xffb\n"}, "a\uFFFDb", "a\uFFFDb"},
		{"nothing", nil, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var each []string
			all, two := &Tail{Keep: 10, Each: func(line string) { each = append(each, line) }}, &Tail{Keep: 2}
			for _, text := range test.writes {
				all.Write([]byte(text))
				two.Write([]byte(text))
			}
			got := []string{strings.Join(all.Lines(), "|"), strings.Join(two.Lines(), "|"), strings.Join(each, "|")}
			if diff := cmp.Diff([]string{test.keeps, test.atMost2, test.keeps}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A line without an end takes bounded memory.
func TestTailBoundsALine(t *testing.T) {
	tail := &Tail{Keep: 1}
	for range 100 {
		tail.Write(bytes.Repeat([]byte("x"), 1<<20))
	}
	if got := len(tail.String()); got != mostLine {
		t.Errorf("%d bytes are kept", got)
	}
}
