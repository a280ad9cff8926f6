package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/process"
)

// A serveError says why a server was not ready, or gave no first token.
type serveError struct {
	text string
	own  bool // the server ended by itself before it was ready: its log may say why
}

func (e *serveError) Error() string { return e.text }

func serveErrorf(format string, args ...any) error {
	return &serveError{text: fmt.Sprintf(format, args...)}
}

var (
	errVisited = errors.New("the server was visited")
	// wayDown is how long a server may take to end after it has cut a connection.
	wayDown = 2 * time.Second
)

// run runs a program to its end: a server until the first token of its first request.
func (v *visitor) run(ctx context.Context, program *process.Program, out io.Writer) error {
	if v.address == "" {
		return program.Run(ctx, out)
	}
	if err := free(v.address); err != nil {
		return err
	}
	// The visitor's questions end with the limit as well: an ending server's answers say
	// nothing.
	limit := &process.LimitError{Limit: program.Limit}
	ctx, cancel := context.WithTimeoutCause(ctx, program.Limit, limit)
	defer cancel()
	visited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended, over := make(chan struct{}), make(chan error, 1)
	go func() {
		err := v.visit(visited)
		v.awaitEnd(err, ended)
		stop(errVisited)
		over <- err
	}()
	err := program.Run(visited, out)
	close(ended)
	stop(nil)
	failed := <-over
	switch {
	case errors.Is(err, errVisited) && failed == nil:
		return nil
	case errors.Is(err, errVisited):
		return serveErrorf("the first request failed: %s", cause(failed))
	}
	return v.explain(err)
}

// awaitEnd waits for the end of a server that cut a connection: whether it has ended is why
// the first request failed.
func (v *visitor) awaitEnd(err error, ended <-chan struct{}) {
	var refused *refusedError
	if err == nil || errors.As(err, &refused) {
		return
	}
	select {
	case <-ended:
	case <-time.After(wayDown):
	}
}

// explain says why a server ended before its first token.
func (v *visitor) explain(err error) error {
	var limit *process.LimitError
	var failed *exec.ExitError
	switch isLimit := errors.As(err, &limit); {
	case isLimit && v.ready.IsZero():
		return serveErrorf("not ready after %v: http://%s/health: %s", limit.Limit, v.address, v.health)
	case isLimit:
		return serveErrorf("no token after %v", limit.Limit)
	case err != nil && !errors.As(err, &failed):
		return err
	case v.ready.IsZero():
		return &serveError{fmt.Sprintf("the server ended before it was ready (%s)", exit(failed)), true}
	}
	return serveErrorf("the server ended after it was ready, before its first token (%s)", exit(failed))
}

func exit(failed *exec.ExitError) string {
	if failed == nil {
		return "exit status 0"
	}
	return failed.Error()
}

// free checks that nothing listens at an address. Another vLLM there would not keep the
// started one from listening too (SO_REUSEPORT), and would answer in its place.
func free(address string) error {
	_, port, err := net.SplitHostPort(address)
	if n, wrong := strconv.ParseUint(port, 10, 16); err != nil || wrong != nil || n == 0 {
		return serveErrorf("the server's port must be a number from 1 to 65535, not %q", port)
	}
	listener, err := listen(address)
	if err != nil {
		return serveErrorf("the server cannot listen at %s: %s", address, cause(err))
	}
	return listener.Close()
}

// listen listens at an address. One in use may be free in a moment.
func listen(address string) (listener net.Listener, err error) {
	err = process.Retry(syscall.EADDRINUSE, func() (err error) {
		listener, err = net.Listen("tcp", address)
		return err
	})
	return listener, err
}

// moments are those of a start, with its processes.
func (v *visitor) moments(processes []result.Process) *result.Moments {
	m := &result.Moments{Processes: processes}
	if !v.ready.IsZero() {
		m.Ready = stamp(v.ready)
	}
	if !v.firstToken.IsZero() {
		m.FirstToken = stamp(v.firstToken)
	}
	return m
}
