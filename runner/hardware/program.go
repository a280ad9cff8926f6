package hardware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// A Runner runs a program and returns what it wrote to standard output, also
// when it failed. It must come back soon after ctx is done.
type Runner func(ctx context.Context, program string, args ...string) (stdout []byte, err error)

// Limits of a program that is asked for facts.
const (
	killDelay  = 200 * time.Millisecond // from the end of its time to its being given up
	mostOutput = 8 << 20                // bytes; what nvidia-smi tells of a GPU is some 30 KiB
)

// Start runs a program of this machine. One that does not even end when it is
// killed, as nvidia-smi does not while the driver hangs, is left behind.
func Start(ctx context.Context, program string, args ...string) ([]byte, error) {
	type outcome struct {
		stdout []byte
		err    error
	}
	ended := make(chan outcome, 1)
	go func() {
		stdout, err := start(ctx, program, args)
		ended <- outcome{stdout, err}
	}()
	select {
	case o := <-ended:
		return o.stdout, o.err
	case <-ctx.Done():
	}
	select {
	case o := <-ended:
		return o.stdout, o.err
	case <-time.After(2 * killDelay):
		return nil, ctx.Err()
	}
}

func start(ctx context.Context, program string, args []string) ([]byte, error) {
	stdout, stderr := &limited{most: mostOutput}, &limited{most: 4 << 10}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/" // Python looks for modules where it is started
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = killDelay // for children that hold its output open
	err := cmd.Run()
	var failed *exec.ExitError
	switch {
	case stdout.full: // which ended it
		err = fmt.Errorf("it wrote more than %d bytes", mostOutput)
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.As(err, &failed):
		failed.Stderr = stderr.kept
	}
	return stdout.kept, err
}

// limited keeps the first bytes written to it, and refuses more.
type limited struct {
	kept []byte
	most int
	full bool // and was offered more
}

func (l *limited) Write(p []byte) (int, error) {
	if l.full = l.full || len(l.kept)+len(p) > l.most; l.full {
		return 0, io.ErrShortWrite
	}
	l.kept = append(l.kept, p...)
	return len(p), nil
}

// programError words why a program gave no facts: by its own words where it has
// any, on one line.
func programError(program string, limit time.Duration, stdout []byte, err error) string {
	var failed *exec.ExitError
	said := firstLine(stdout)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return program + " is not installed, or not on the PATH"
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%s did not answer in %v", program, limit)
	case errors.As(err, &failed):
		if line := firstLine(failed.Stderr); line != "" {
			said = line
		}
		return strings.TrimSuffix(fmt.Sprintf("%s failed (%v): %s", program, err, said), ": ")
	case err != nil:
		return fmt.Sprintf("%s gave no answer: %v", program, cause(err))
	}
	return strings.TrimSuffix(fmt.Sprintf("%s answered what it should not: %s", program, said), ": ")
}

// cause is an error without the path that it tells of.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

const mostWords = 160 // bytes that a program's words take in a reason

// firstLine is the first line of output with something on it, cut short, without
// what a terminal would obey.
func firstLine(output []byte) string {
	for line := range strings.Lines(string(output)) {
		line = strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(line, "?")))
		if line == "" {
			continue
		}
		if len(line) > mostWords {
			line = strings.ToValidUTF8(line[:mostWords], "") + "…"
		}
		return line
	}
	return ""
}
