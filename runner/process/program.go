// Package process runs programs on this machine.
//
//	Program   a program to start: Run copies its output to a writer, Output returns it
//	Tail      the last lines of an output, which show why a program failed
//
// A program has its own process group. When it has ended, reached its time limit or was
// interrupted, the whole group is ended with SIGTERM and then SIGKILL. If this process is
// killed, the program gets SIGTERM too.
package process

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// Program is a program to start.
type Program struct {
	Args  []string            // the program and its arguments
	Env   []string            // its whole environment, NAME=value; nil is this process's
	Dir   string              // its working directory; empty is this process's
	As    *syscall.Credential // the user that it runs as; nil is this process's
	Files []*os.File          // open files that it inherits, besides its standard ones
	// Errors gets its standard error; nil is the writer of its standard output.
	Errors io.Writer
	Limit  time.Duration // of the whole run; 0 is none
	Grace  time.Duration // from SIGTERM to SIGKILL; 0 is 5 s
	// Begun gets the process group once the program runs; it may be nil.
	Begun func(group int)

	// CPUTime is the CPU time of the program and of the children that it waited for. Run
	// sets it.
	CPUTime time.Duration
	// Status is the exit status of the program, or -1 if a signal ended it. Run sets it.
	Status int
}

const defaultGrace = 5 * time.Second

// LimitError says that a program did not end within its limit.
type LimitError struct{ Limit time.Duration }

func (e *LimitError) Error() string {
	return fmt.Sprintf("not finished after %v", e.Limit)
}

// drain is how long Run waits for the last output of an ended group. A process that has left
// the group may hold the output open.
const drain = time.Second

// Run runs the program to its end and writes its output to out. It returns an
// *exec.ExitError, a *LimitError, ctx's error, out's error, or why the program could not be
// started. When Run returns, the process group is gone.
func (p *Program) Run(ctx context.Context, out io.Writer) error {
	limited, cancel := p.limited(ctx)
	defer cancel()
	grace := cmp.Or(p.Grace, defaultGrace)
	cmd := exec.CommandContext(limited, p.Args[0], p.Args[1:]...)
	cmd.Env, cmd.Dir, cmd.ExtraFiles = p.Env, p.Dir, p.Files
	cmd.SysProcAttr = attributes()
	cmd.SysProcAttr.Credential = p.As
	cmd.WaitDelay = grace
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	// To the kernel, the thread that started a program is its parent.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	printed, err := start(cmd, p.Errors)
	if err != nil {
		return cmp.Or(context.Cause(limited), err)
	}
	defer printed.Close()
	kept, ended, copied := &output{to: out, broken: cancel}, make(chan struct{}), make(chan struct{})
	go func() { defer close(copied); kept.take(printed, ended) }()
	if p.Begun != nil {
		p.Begun(cmd.Process.Pid)
	}
	err = cmd.Wait()
	p.CPUTime = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	p.Status = cmd.ProcessState.ExitCode()
	endGroup(cmd.Process.Pid, grace)
	close(ended)
	printed.SetReadDeadline(time.Now().Add(drain))
	<-copied
	switch {
	case kept.err != nil:
		return kept.err
	case limited.Err() != nil:
		return context.Cause(limited)
	}
	return err
}

// limited is ctx with the program's limit.
func (p *Program) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.Limit == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, p.Limit, &LimitError{p.Limit})
}

// start starts a command and returns its output: both streams, or only the first if there
// is a writer for the second.
func start(cmd *exec.Cmd, stderr io.Writer) (printed *os.File, err error) {
	printed, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	widen(write)
	cmd.Stdout, cmd.Stderr = write, stderr
	if stderr == nil {
		cmd.Stderr = write
	}
	if err := cmd.Start(); err != nil {
		printed.Close()
		return nil, err
	}
	return printed, nil
}
