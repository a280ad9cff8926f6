// Package local is the engine that runs a command on this machine, which prints a start-up
// log. A Maker makes the command, of vLLM or of a lab's own engine.
//
//	Maker makes a command → Engine starts it and watches the machine → its log
//
// A server is ready once its /health answers 200. It is then sent one request, and ended at
// the first token. Of both kinds of start, Engine keeps when each process began.
//
// Around each start Engine observes what could change the result: the page cache, the
// machine's clock, other users of the GPU and of the cores, GPU memory in use.
package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	prober "coldstart/runner/hardware"
	"coldstart/runner/lock"
	"coldstart/runner/privacy"
	"coldstart/runner/process"
)

// Engine starts the commands of a Maker, one at a time, and is an engine.Engine.
type Engine struct {
	Maker
	Limit  time.Duration // of one start
	Grace  time.Duration // from SIGTERM to SIGKILL
	Filter *privacy.Filter
	Held   []*os.File // locks that are kept as long as the engine's processes run

	wall wallClock // nil is the machine's
}

// Origin is the Maker's, with the environment's variables as results may keep them.
func (e *Engine) Origin(run engine.Run) (*engine.Origin, error) {
	origin, err := e.Maker.Origin(run)
	if err == nil && origin.Environment != nil {
		origin.Environment.Variables = e.Filter.Variables(origin.Variables)
	}
	return origin, err
}

// Start starts the engine once and waits until its GPU memory is free again. If the
// environment was changed during the run, it returns an UnfitError.
func (e *Engine) Start(ctx context.Context, run engine.Run, log io.Writer) (started engine.Started, err error) {
	has := prober.GPUs(ctx)
	command, err := e.ready(ctx, run, has)
	if err != nil {
		return started, &engine.UnfitError{Err: err}
	}
	before := prober.Visible(command.Env, has)
	started.Warnings = inUse(before)
	surroundings := look(before)
	clock := readClock(e.wall)
	program := &process.Program{Args: command.Args, Env: command.Env, Limit: e.Limit, Grace: e.Grace, Files: e.Held}
	var users *watch
	if command.Grouped && len(before) > 0 {
		users = &watch{gpus: before}
	}
	var processes *processWatch
	program.Begun = func(group int) {
		lock.Extend(e.Held, group)
		processes = watchProcesses(group)
		if users != nil {
			users.begin(group)
		}
	}
	v := &visitor{address: command.Serves, key: command.Key, patience: mostFirst}
	started.CPUUsage, err = e.run(ctx, program, v, run.Set.SampleCPU, log)
	if processes != nil { // the program began
		started.Refused = command.RefusesWith != 0 && program.Status == command.RefusesWith
		started.Moments = v.moments(processes.end())
		if users != nil {
			defer func() { started.Warnings = append(started.Warnings, users.end()...) }()
		}
	}
	var unserved *serveError
	if errors.As(err, &unserved) && unserved.own {
		started.Failed, err = unserved.text, nil
	}
	started.Failed = cmp.Or(clock.stepped(), started.Failed)
	started.Around = surroundings.since(program.CPUTime)
	started.Warnings = append(started.Warnings, awaitMemory(ctx, command.Env, before)...)
	if changed := command.verify(); changed != nil {
		started.Failed = changed.Error()
		err = errors.Join(err, &engine.UnfitError{Err: changed})
	}
	return started, err
}

// ready makes the command of a run, verifies its environment and that the machine has the
// GPUs, and drops the page cache if the set wants that.
func (e *Engine) ready(ctx context.Context, run engine.Run, has []hardware.GPU) (Command, error) {
	command, err := e.Command(run)
	if err == nil {
		err = command.verify()
	}
	if err == nil {
		err = enough(run, has, command.visible(has))
	}
	if err == nil && run.Set.DropPageCache {
		err = DropPageCache(ctx)
	}
	return command, err
}

// run runs the program with its output filtered, and samples the cores meanwhile if
// sample is set. A program that fails is no error: its log tells. A server is visited.
func (e *Engine) run(
	ctx context.Context, program *process.Program, v *visitor, sample bool, log io.Writer,
) (usage *result.CPUUsage, err error) {
	filtered := e.Filter.Writer(log)
	var sampler *coreSampler
	if sample {
		if sampler, err = startCoreSampler(time.Duration(result.DefaultInterval * float64(time.Second))); err != nil {
			return nil, err
		}
	}
	ended := v.run(ctx, program, filtered)
	var unsampled error
	if sampler != nil {
		usage, unsampled = sampler.end()
	}
	// As a Python exception, which the reader of logs recognizes.
	var limit *process.LimitError
	var unserved *serveError
	switch {
	case errors.As(ended, &limit):
		fmt.Fprintf(filtered, "\nTimeoutError: coldstart: %v\n", limit)
	case errors.As(ended, &unserved):
		fmt.Fprintf(filtered, "\nServeError: coldstart: %v\n", unserved)
	}
	return usage, errors.Join(filtered.Close(), unsampled, unlessFailed(ended))
}

// unlessFailed is the error, unless the program itself failed or ran into its limit.
func unlessFailed(err error) error {
	var failed *exec.ExitError
	var limit *process.LimitError
	if errors.As(err, &failed) || errors.As(err, &limit) {
		return nil
	}
	return err
}
