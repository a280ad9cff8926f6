package environment

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// grace is how long a command may take to end once it is told to.
const grace = 5 * time.Second

// run runs one command to its end. It runs in a process group of its own, which
// ends as a whole when ctx does.
func (m *maker) run(ctx context.Context, command []string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = m.dir // no project around the caller's directory is meant
	cmd.Env = with(m.environment.Variables)
	cmd.ExtraFiles = []*os.File{m.lock}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = grace
	said := &listener{tell: m.Progress, last: LastLines{Keep: keptLines}}
	cmd.Stdout, cmd.Stderr = said, said
	err := cmd.Run()
	said.end()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted, and nothing was kept: %w; the same command makes it from the start, without fetching again what was fetched", ctx.Err())
	case err != nil:
		return explain(command, said.last.Lines, err)
	}
	return nil
}

// listener hears what a command says.
type listener struct {
	tell func(string)
	rest []byte
	last LastLines
}

// keptLines is how many lines of a command can show why it failed.
const keptLines = 30

func (l *listener) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		i := bytes.IndexAny(l.rest, "\r\n")
		if i < 0 {
			return len(p), nil
		}
		l.line(string(l.rest[:i]))
		l.rest = l.rest[i+1:]
	}
}

func (l *listener) end() { l.line(string(l.rest)) }

// telling are the lines that show how it goes on, of uv and of pip.
var telling = regexp.MustCompile(`^(Resolved|Prepared|Downloading|Building|Installed|Collecting|Installing|Successfully|warning:|WARNING:)`)

func (l *listener) line(text string) {
	text = strings.TrimRight(text, " \t")
	if text == "" {
		return
	}
	if telling.MatchString(text) {
		l.tell(text)
	}
	l.last.Add(text)
}
