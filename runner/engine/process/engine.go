package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/cores"
	"coldstart/runner/engine"
	"coldstart/runner/pagecache"
	"coldstart/runner/privacy"
)

// Command is one start of an engine, ready to be run.
type Command struct {
	Args []string // the program and its arguments
	Env  []string // all of its environment, NAME=value
	// Verify tells, before the start and after it, whether what is started still is
	// what it is taken for.
	Verify func() error
}

// Maker makes the commands of one kind of engine.
type Maker interface {
	// Check tells whether a set can be measured on a node at all.
	Check(set *result.Set, node string) error
	// Command makes the command of one run.
	Command(run engine.Run) (Command, error)
}

// Engine starts the commands of a Maker, one at a time, and is an engine.Engine.
type Engine struct {
	Maker
	Limit  time.Duration // of one start
	Grace  time.Duration // that a start has to end once it is asked to
	Filter *privacy.Filter

	usage *result.CPUUsage // of the last start that was sampled
}

// Start starts the engine once and waits until its memory on the GPU is free
// again. What is not what it was taken for ends in an error: the run was of
// something else.
func (e *Engine) Start(ctx context.Context, run engine.Run, log io.Writer) (warnings []string, err error) {
	command, err := e.Command(run)
	if err != nil {
		return nil, err
	}
	if err := command.Verify(); err != nil {
		return nil, err
	}
	if run.Set.DropPageCache {
		if err := pagecache.Drop(ctx); err != nil {
			return nil, err
		}
	}
	before := gpus(ctx)
	warnings = inUse(before)
	program := &Program{Args: command.Args, Env: command.Env, Limit: e.Limit, Grace: e.Grace}
	ended := e.run(ctx, program, run.Set.SampleCPU, log)
	warnings = append(warnings, awaitMemory(ctx, before)...)
	return warnings, errors.Join(ended, command.Verify())
}

// CPUUsage is that of the last start of a set that samples the cores.
func (e *Engine) CPUUsage(engine.Run) *result.CPUUsage { return e.usage }

// run runs the program, with its output filtered, and samples the cores
// meanwhile if that is asked for. A program that fails is no error: its log
// tells.
func (e *Engine) run(ctx context.Context, program *Program, sample bool, log io.Writer) error {
	filtered := e.Filter.Writer(log)
	var sampler *cores.Sampler
	if e.usage = nil; sample {
		var err error
		if sampler, err = cores.Start(time.Duration(result.DefaultInterval * float64(time.Second))); err != nil {
			return err
		}
	}
	ended := program.Run(ctx, filtered)
	var unsampled error
	if sampler != nil {
		e.usage, unsampled = sampler.Stop()
	}
	var limit *LimitError
	if errors.As(ended, &limit) {
		fmt.Fprintf(filtered, "\ncoldstart: %v\n", limit)
	}
	return errors.Join(filtered.Close(), unsampled, unlessFailed(ended))
}
