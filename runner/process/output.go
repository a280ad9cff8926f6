package process

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// output copies a program's output to a writer, and ends the program if the writer fails.
type output struct {
	to     io.Writer
	broken func()
	err    error
}

// gather is the longest time between two reads. A program prints line by line, and waking
// this process for each line would cost the measured machine more than the line itself; the
// lines have their own time stamps.
const gather = 500 * time.Millisecond

// take reads output to its end. It reads more often if more output comes, so that the
// program never waits for room in the pipe, and at once when the program has ended.
func (o *output) take(printed io.Reader, ended <-chan struct{}) {
	buffer, wait := make([]byte, pipeBytes), gather
	for {
		n, err := printed.Read(buffer)
		if o.write(buffer[:n]) != nil || err != nil {
			return
		}
		if n > len(buffer)/4 {
			wait /= 2
		} else {
			wait = min(2*max(wait, time.Millisecond), gather)
		}
		select {
		case <-time.After(wait):
		case <-ended:
		}
	}
}

func (o *output) write(p []byte) error {
	if _, o.err = o.to.Write(p); o.err != nil {
		o.broken()
	}
	return o.err
}

// mostOutput is the most that Output returns, bytes; nvidia-smi prints some 30 KiB per GPU.
const mostOutput = 8 << 20

// Output runs the program and returns its standard output, also if it fails. An
// *exec.ExitError has the last lines of its standard error. Output does not wait for a
// program that does not end when it is killed, as nvidia-smi while the driver hangs.
func (p Program) Output(ctx context.Context) ([]byte, error) {
	ctx, cancel := p.limited(ctx)
	defer cancel()
	type outcome struct {
		stdout []byte
		err    error
	}
	ended := make(chan outcome, 1)
	go func() {
		stdout, err := p.output(ctx)
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
	case <-time.After(2 * cmp.Or(p.Grace, defaultGrace)):
		return nil, context.Cause(ctx)
	}
}

func (p Program) output(ctx context.Context) ([]byte, error) {
	stdout, stderr := new(answer), &Tail{Keep: 20}
	p.Errors = stderr
	err := p.Run(ctx, stdout)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		failed.Stderr = []byte(stderr.String())
	}
	return stdout.kept, err
}

// answer keeps what is written to it, up to mostOutput.
type answer struct{ kept []byte }

func (a *answer) Write(p []byte) (int, error) {
	if len(a.kept)+len(p) > mostOutput {
		return 0, fmt.Errorf("it wrote more than %d bytes", mostOutput)
	}
	a.kept = append(a.kept, p...)
	return len(p), nil
}
