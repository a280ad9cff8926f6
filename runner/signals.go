package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// signalError is why a command ended that a signal asked to end.
type signalError struct {
	error  // of the command
	signal syscall.Signal
}

func (e *signalError) Unwrap() error { return e.error }

// code is the exit code by which shells tell that a signal ended a program: 130 for Ctrl-C.
func (e *signalError) code() int { return 128 + int(e.signal) }

// orderly makes a signal cancel a command's context, so that the command ends in order: it
// finishes, undoes or keeps what it began, and ends its programs. A signal ends all other
// commands at once: those only print, or write a file as a whole at their end.
func orderly(cmd *cobra.Command) *cobra.Command {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return untilSignal(cmd.Context(), func(ctx context.Context) error {
			cmd.SetContext(ctx)
			return run(cmd, args)
		})
	}
	return cmd
}

// untilSignal runs with a context that ends with a signal which asks this process to end. An
// error is a signalError then.
func untilSignal(ctx context.Context, run func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	go func() {
		select {
		case s := <-signals:
			cancel(&signalError{context.Canceled, s.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	err := run(ctx)
	var ended *signalError
	if err != nil && errors.As(context.Cause(ctx), &ended) {
		return &signalError{err, ended.signal}
	}
	return err
}
