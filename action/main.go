// Command action is coldstart in a GitHub workflow: the program of the composite
// action in action.yml.
//
//	plan ──▶ measure, one job per cell, on the runner of its node ──▶ report
//
// It reads its inputs from the environment, where action.yml puts them, does what the
// commands of the same names do, and reports by outputs, annotations, log groups and a job
// summary. What arrives in artifacts is data and is never run.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/sethvargo/go-githubactions"

	"coldstart/runner/console"
	"coldstart/runner/matrix"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if !run(ctx, githubactions.New()) {
		os.Exit(1)
	}
}

// errIncomplete is the error of a command that has reported what is missing.
var errIncomplete = errors.New("incomplete")

// run does what the inputs ask for. Errors become annotations.
func run(ctx context.Context, gha *githubactions.Action) (ok bool) {
	in := inputs{gha}
	in.mask()
	var err error
	switch command := in.text("command"); command {
	case "plan":
		err = runPlan(ctx, in)
	case "measure":
		err = runMeasure(ctx, in)
	case "report":
		err = runReport(ctx, in)
	default:
		err = in.errorf("command", "must be plan, measure or report, not %q", command)
	}
	annotate(gha, err)
	return err == nil
}

// annotate shows an error on the run's page, and each mistake in the matrix at its line.
func annotate(gha *githubactions.Action, err error) {
	var mistakes matrix.Errors
	var wrong *inputError
	switch {
	case err == nil || errors.Is(err, errIncomplete):
	case errors.As(err, &mistakes):
		for _, m := range mistakes {
			gha.WithFieldsMap(place(m)).Errorf("%s", oneLine(m.Message))
		}
	case errors.As(err, &wrong):
		gha.WithFieldsMap(map[string]string{"title": "input " + wrong.input}).Errorf("%s", oneLine(console.Plain(wrong)))
	default:
		gha.Errorf("%s", oneLine(console.Plain(err)))
	}
}

// place is where a mistake is, in the fields of an annotation.
func place(m *matrix.Error) map[string]string {
	return map[string]string{"file": m.File, "line": strconv.Itoa(m.Line), "col": strconv.Itoa(m.Column)}
}
