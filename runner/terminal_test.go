package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
)

// emulator is what a terminal shows. It knows the few control sequences that coldstart uses.
type emulator struct {
	width int

	mutex    sync.Mutex // guards what follows
	lines    [][]rune
	row, col int
	rest     string // the beginning of a character or control sequence
}

func (s *emulator) Write(text []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for s.rest += string(text); s.rest != ""; {
		n := s.step(s.rest)
		if n == 0 {
			break
		}
		s.rest = s.rest[n:]
	}
	return len(text), nil
}

// step shows one character or follows one control sequence. It returns its length; 0 if its
// end is missing.
func (s *emulator) step(text string) (length int) {
	if text[0] == '\x1b' {
		return s.follow(text)
	}
	r, n := utf8.DecodeRuneInString(text)
	switch {
	case !utf8.FullRuneInString(text):
		return 0
	case r == '\r':
		s.col = 0
	case r == '\n':
		s.row++
	default:
		s.put(r)
	}
	return n
}

// follow follows the sequences of the form ESC [ number letter.
func (s *emulator) follow(text string) (length int) {
	end := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'z' && r != '[' })
	if end < 0 {
		return 0
	}
	switch text[end] {
	case 'A':
		var up int
		fmt.Sscanf(text[2:end], "%d", &up)
		s.row = max(0, s.row-up)
	case 'J':
		s.lines = s.lines[:min(len(s.lines), s.row+1)]
		if s.row < len(s.lines) {
			s.lines[s.row] = s.lines[s.row][:min(len(s.lines[s.row]), s.col)]
		}
	}
	return end + 1
}

func (s *emulator) put(r rune) {
	if s.col == s.width {
		s.row, s.col = s.row+1, 0
	}
	for len(s.lines) <= s.row {
		s.lines = append(s.lines, nil)
	}
	line := s.lines[s.row]
	for len(line) <= s.col {
		line = append(line, ' ')
	}
	line[s.col] = r
	s.lines[s.row] = line
	s.col++
}

// String is the lines of the screen.
func (s *emulator) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var text strings.Builder
	for _, line := range s.lines {
		text.WriteString(strings.TrimRight(string(line), " ") + "\n")
	}
	return text.String()
}

// onTerminal starts a program on a terminal. done waits until the program has ended and all
// that it printed is on the screen.
func onTerminal(t *testing.T, cmd *exec.Cmd, width int) (shown *emulator, keys *os.File, done func()) {
	t.Helper()
	keys, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: uint16(width)})
	if err != nil {
		t.Skipf("no terminal here: %v", err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		keys.Close()
	})
	shown = &emulator{width: width}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		keys.WriteTo(shown) // ends with an error once the program has ended
	}()
	return shown, keys, func() {
		<-ended
		cmd.Wait()
	}
}

// await waits until a screen shows all parts on one line.
func (s *emulator) await(t *testing.T, parts ...string) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(10 * time.Millisecond) {
		for line := range strings.Lines(s.String()) {
			missing := false
			for _, part := range parts {
				missing = missing || !strings.Contains(line, part)
			}
			if !missing {
				return
			}
		}
	}
	t.Fatalf("no line shows %q:\n%s", parts, s)
}

// A narrow terminal shows the bar, the time left and the phase. After Ctrl-C nothing of the
// bar is left, nor the ^C that the terminal shows.
func TestInterruptedOnTerminal(t *testing.T) {
	t.Parallel()
	for width, phase := range map[int]string{120: "_", 80: "_", 60: "_", 40: "…"} { // other words have no underscore
		out := filepath.Join(t.TempDir(), "out")
		cmd := process(t, "reproduce", "--figures", "2,3", "--speed", "20", "--out", out)
		shown, keys, done := onTerminal(t, cmd, width)
		shown.await(t, "of 138 [", "] ", " left · ", phase)
		if _, err := keys.WriteString("\x03"); err != nil {
			t.Fatal(err)
		}
		done()
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("%d columns: exit code %d", width, code)
		}
		if text := shown.String(); strings.Contains(text, "[") || strings.Contains(text, "^C") ||
			!strings.Contains(text, "\ncoldstart: interrupted; ") || shown.col != 0 {
			t.Errorf("%d columns: the screen is\n%s", width, text)
		}
	}
}

// A terminal colours verdicts, unless NO_COLOR is set. COLUMNS draws tables in a pipe.
func TestTablesOfSystem(t *testing.T) {
	t.Parallel()
	compare := func(env ...string) *exec.Cmd {
		cmd := process(t, "compare", "runner/testdata/logs/before", "runner/testdata/logs/after")
		cmd.Env = append(cmd.Env, append([]string{"COLUMNS="}, env...)...)
		return cmd
	}
	for _, test := range []struct {
		env  string
		want string
	}{
		{"NO_COLOR=", "\x1b[31mslower\x1b[0m\r\n"},
		{"NO_COLOR=1", "  slower\r\n"},
	} {
		cmd := compare(test.env, "TERM=xterm")
		keys, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
		if err != nil {
			t.Skipf("no terminal here: %v", err)
		}
		text, _ := io.ReadAll(keys) // ends with an error once the program has ended
		if !strings.Contains(string(text), test.want) {
			t.Errorf("%s: %q is not on\n%s", test.env, test.want, text)
		}
		keys.Close()
		cmd.Wait()
	}
	for columns, want := range map[string]string{"": "\tslower\n", "80": "  slower\n"} {
		text, err := compare("COLUMNS=" + columns).Output()
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("COLUMNS=%s: %v: %q is not in\n%s", columns, err, want, text)
		}
	}
}
