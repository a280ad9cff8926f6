package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"coldstart/runner/console"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a command line that makes no sense.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// usagef makes a usageError.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run is the program without the process: it returns the exit code.
func run(ctx context.Context, out *console.Console, args []string) int {
	root := newRoot(out)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	var ended *signalError
	var usage usageError
	var request lab.RequestError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &ended):
		out.Interruptedf("coldstart: %s", console.Plain(err))
		return ended.code()
	case errors.As(err, &usage), errors.As(err, &request):
		out.Notef("coldstart: %s\nTry '%s --help'.", console.Plain(err), cmd.CommandPath())
		return exitUsage
	default:
		out.Notef("coldstart: %s", console.Plain(err))
		return exitFailed
	}
}

func newRoot(out *console.Console) *cobra.Command {
	root := &cobra.Command{
		Use:   "coldstart",
		Short: "Measure how long an LLM engine takes to start, phase by phase",
		Long: `coldstart measures how long an LLM engine takes to start, phase by phase, on
the nodes of a lab, and draws the figures of the paper "Breaking the Ice:
Analyzing Cold Start Latency in vLLM" (MLSys 2026).

Without a GPU it replays the runs that the paper's authors recorded.

Tables fit the terminal. In a pipe they are lines with tabs, and drawn if the
environment variable COLUMNS sets their width. NO_COLOR=1 turns colours off.`,
		Example:       "  coldstart reproduce\n  coldstart phases vllm.log",
		Version:       measure.Program(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArguments,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetVersionTemplate("coldstart {{.Version}}\n")
	root.SetOut(out.Out)
	root.SetErr(out.Err)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		orderly(newReproduce(out)), orderly(newStart(out)), newInit(out), newPlan(out), orderly(newMeasure(out)), newReport(out),
		newClaims(out), newPhases(out), newPredict(out), newCompare(out), newHistory(out),
		newComment(out), orderly(newHardware(out)), orderly(newDoctor(out)),
		orderly(newRegister(out)), orderly(newStatus(out)), orderly(newRemove(out)),
		orderly(newSetup(out)), newModels(out),
	)
	if out.Screen != nil && out.Screen.Width > 0 { // some terminals have no size
		fitHelp(root, out.Screen.Width)
	}
	return root
}

// noArguments refuses words that no command takes, such as a misspelt command.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if similar := cmd.SuggestionsFor(args[0]); len(similar) > 0 {
		return usagef("%s has no command %q; did you mean %s?", cmd.CommandPath(), args[0], similar[0])
	}
	return usagef("%s takes no %q", cmd.CommandPath(), args[0])
}
