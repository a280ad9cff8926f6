// Package process is the engine that starts something: a program that prints a
// start-up log. Which program that is, vLLM or a lab's own, is a Maker's to say.
//
//	engine prints → measure keeps → phase reads → …
//
// The program gets a process group of its own. When it is over, whether by
// itself, by its time limit or by an interruption, the whole group is ended:
// first asked to, then killed.
package process

import (
	"context"
	"errors"
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
	Args  []string // the program and its arguments
	Env   []string // all of its environment, NAME=value
	Dir   string   // where it starts; empty is here
	Limit time.Duration
	// Grace is how long the group may take to end once it is asked to.
	Grace time.Duration
	// Begun is told of the process group once the program runs; it may be nil.
	Begun func(group int)

	// CPUTime is what the program and the children that it waited for used of the
	// cores. Run sets it.
	CPUTime time.Duration
}

// LimitError says that a program did not end within its limit.
type LimitError struct{ Limit time.Duration }

func (e *LimitError) Error() string {
	return fmt.Sprintf("not done after %v, and ended", e.Limit)
}

// drain is how long the last output of a group that has ended may take to arrive. A
// process that left the group, and holds the output open, is not waited for.
const drain = time.Second

// Run runs the program to its end and writes what it prints, to either stream,
// to log. An error says how it failed: an *exec.ExitError, a *LimitError, ctx's,
// the log's, or that it could not be started. When Run returns, its process group
// is gone.
func (p *Program) Run(ctx context.Context, log io.Writer) error {
	limited, cancel := context.WithTimeoutCause(ctx, p.Limit, &LimitError{p.Limit})
	defer cancel()
	cmd := exec.CommandContext(limited, p.Args[0], p.Args[1:]...)
	cmd.Env, cmd.Dir = p.Env, p.Dir
	cmd.SysProcAttr = attributes()
	cmd.WaitDelay = p.Grace
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	// The kernel takes the end of the thread that started a program for the end of
	// its parent.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	printed, err := start(cmd)
	if err != nil {
		return fmt.Errorf("%s cannot be started: %w", p.Args[0], err)
	}
	defer printed.Close()
	kept, ended, copied := &output{to: log, broken: cancel}, make(chan struct{}), make(chan struct{})
	go func() { defer close(copied); kept.take(printed, ended) }()
	if p.Begun != nil {
		p.Begun(cmd.Process.Pid)
	}
	err = cmd.Wait()
	p.CPUTime = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	endGroup(cmd.Process.Pid, p.Grace)
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

// start starts a command and returns what it prints, to either stream.
func start(cmd *exec.Cmd) (printed *os.File, err error) {
	printed, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	widen(write)
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, printed.Close())
	}
	return printed, nil
}

// output hands a program's output on, and ends the program where nobody can keep
// it: a measurement without its log is none.
type output struct {
	to     io.Writer
	broken func()
	err    error
}

// gather is how long what a program prints may lie at most before it is taken. It
// prints line by line, and each waking of this process costs the measured machine more
// than the line does; the lines have their own stamps.
const gather = 500 * time.Millisecond

// take takes what is printed until there is no more: sooner where it comes faster, so
// that nobody waits for room in the pipe, and at once when the program has ended.
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

// poll is how often a group that is to end is looked at.
const poll = 20 * time.Millisecond

// endGroup ends what is left of a process group: asks, waits for grace, kills,
// and waits until it is gone.
func endGroup(group int, grace time.Duration) {
	if !runs(group) {
		return
	}
	syscall.Kill(-group, syscall.SIGTERM)
	for deadline := time.Now().Add(grace); runs(group) && time.Now().Before(deadline); {
		time.Sleep(poll)
	}
	for runs(group) {
		syscall.Kill(-group, syscall.SIGKILL)
		time.Sleep(poll)
	}
}

// unlessFailed is an error of running a program, but not of the program's own.
func unlessFailed(err error) error {
	var failed *exec.ExitError
	var limit *LimitError
	if errors.As(err, &failed) || errors.As(err, &limit) {
		return nil
	}
	return err
}
