package hardware

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"coldstart/runner/process"
)

// A Runner runs a program and returns its standard output, even if it failed. It must
// return soon after ctx is done.
type Runner func(ctx context.Context, program string, args ...string) (stdout []byte, err error)

// killDelay is how long a program may take to end once its time is over.
const killDelay = 200 * time.Millisecond

// start is the Runner of this machine.
func start(ctx context.Context, program string, args ...string) ([]byte, error) {
	// Python looks for modules where it is started.
	asked := process.Program{Args: append([]string{program}, args...), Dir: "/", Grace: killDelay}
	return asked.Output(ctx)
}

// programError says on one line why a program gave no facts, in its own words if it printed
// any.
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
	return strings.TrimSuffix(fmt.Sprintf("%s printed something unexpected: %s", program, said), ": ")
}

// cause is the innermost error, without a path.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

const mostWords = 160 // bytes of a program's words in a reason

// firstLine is the first line of output that is not empty, shortened, without control
// characters.
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
