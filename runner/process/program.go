// Package process runs programs of this machine.
//
//	Program   what to start: Run hands its output on, Output returns it
//	Tail      the last lines of an output, which can show why a program failed
//
// A program gets a process group of its own. When it is over, whether by itself, by
// its time limit or by an interruption, the whole group is ended: first asked to, then
// killed. If this process is killed, the program is asked to end as well.
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

// Program is what to start.
type Program struct {
	Args  []string            // the program and its arguments
	Env   []string            // all of its environment, NAME=value; nil is this process's
	Dir   string              // where it starts; empty is here
	As    *syscall.Credential // user that it runs as; nil is this process's
	Files []*os.File          // open files that it inherits, besides its standard ones
	// Errors gets its standard error; nil is where its standard output goes.
	Errors io.Writer
	Limit  time.Duration // of the whole run; 0 is none
	// Grace is how long the group may take to end once it is asked to; 0 is 5 s.
	Grace time.Duration
	// Begun is told of the process group once the program runs; it may be nil.
	Begun func(group int)

	// CPUTime is what the program and the children that it waited for used of the
	// cores. Run sets it.
	CPUTime time.Duration
}

const defaultGrace = 5 * time.Second

// LimitError says that a program did not end within its limit.
type LimitError struct{ Limit time.Duration }

func (e *LimitError) Error() string {
	return fmt.Sprintf("not done after %v, and ended", e.Limit)
}

// drain is how long the last output of a group that has ended may take to arrive. A
// process that left the group, and holds the output open, is not waited for.
const drain = time.Second

// Run runs the program to its end and writes its output to out. An error says how it
// failed: an *exec.ExitError, a *LimitError, ctx's, that of out, or why it could not be
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
	// The kernel takes the end of the thread that started a program for the end of
	// its parent.
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

// start starts a command and returns its output: both streams, or the first one if
// there is a writer for the other.
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
