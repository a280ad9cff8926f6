package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/lab"
	"coldstart/runner/lock"
	"coldstart/runner/measure"
)

// hostFlags are the options that say how this machine measures.
type hostFlags struct {
	lab.Host
	resume string
}

func (h *hostFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&h.ModelsDir, "models", "", "directory of the models (default: the node's in hardware-matrix.yaml)")
	flags.StringVar(&h.EnvironmentsDir, "environments", "",
		"vllm: directory of the environments (default: where setup makes them)")
	flags.StringVar(&h.StateDir, "state", "", "directory of finished runs (default: coldstart in your state directory)")
	flags.StringVar(&h.resume, "resume", "",
		"session to go on with: its finished runs on this machine are not made again")
	flags.Var(period(&h.Limit, 1, "above 0"), "limit",
		"how long one start may take (default: the engine's in hardware-matrix.yaml, or "+lab.DefaultLimit.String()+")")
	flags.BoolVar(&h.KeepIdentities, "keep-identities", false,
		"keep the names of users, hosts and addresses in logs")
}

// addSpeedFlag is for the commands that replay too.
func (h *hostFlags) addSpeedFlag(cmd *cobra.Command) {
	cmd.Flags().Var(number(&h.Speed, func(x float64) bool { return x >= 0 }, "of 0 or more"), "speed",
		"speed of a replay: 1 is real time, 10 is ten times as fast, 0 has no delay")
}

// ready makes the model that a request needs, and the plan go on with the session to resume,
// if there is one.
func (h *hostFlags) ready(r lab.Request, plan *result.Plan) error {
	if r.Tiny {
		if _, err := h.MakeTiny(); err != nil {
			return err
		}
	}
	if h.resume == "" {
		return nil
	}
	return h.Resume(plan, h.resume)
}

// keepOut makes the directory of results, and keeps other processes from measuring into it
// until release is called.
func keepOut(dir string) (release func(), err error) {
	if os.MkdirAll(dir, 0o755) != nil {
		return func() {}, nil // whoever writes the plan into it tells why
	}
	file, err := lock.TakeDirectory(dir)
	var held *lock.HeldError
	switch {
	case errors.As(err, &held):
		return nil, fmt.Errorf("%s measures into %s: wait until it ends, or choose another directory with --out",
			held.Holder, dir)
	case err != nil:
		return nil, err
	}
	return func() { file.Close() }, nil
}

// watch begins to show a session of n runs. It prints the name by which a measurement can
// be resumed.
func watch(out *console.Console, session *measure.Session, runs int) *console.Progress {
	if m := session.Machine; m != nil {
		out.Notef("session %s: finished runs are kept in %s", session.Plan.Session, m.Ledger.Dir)
	}
	progress := out.Progress(runs, session.Plan.Stop)
	session.Observer = progress
	return progress
}

// measureAll measures a session's whole plan into a directory of results. The directory is
// kept from other processes until then has shown the results; incomplete tells it that not
// all cells could be measured.
func measureAll(
	ctx context.Context, out *console.Console, session *measure.Session, dir string, then func(incomplete bool) error,
) error {
	leave, err := keepOut(dir)
	if err != nil {
		return err
	}
	defer leave()
	plan := session.Plan
	if session.Directory, err = result.Create(dir, plan); err != nil {
		return err
	}
	progress := watch(out, session, plan.Runs(plan.Cells...))
	incomplete, err := session.All(ctx)
	progress.Stop()
	if err != nil {
		return interrupted(err, plan, dir)
	}
	return then(incomplete)
}

// interrupted says how to go on with a session that did not end.
func interrupted(err error, plan *result.Plan, dir string) error {
	goOn := "a replay begins anew"
	if plan.Origin().Measured() {
		goOn = "the same command with --resume " + plan.Session + " goes on"
	}
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w; the cells finished before are kept in %s, and %s", err, dir, goOn)
	}
	return fmt.Errorf("interrupted; finished runs are kept in %s: "+
		"'coldstart report --from %s --out %s' draws them, and %s",
		dir, dir, filepath.Join(dir, reportDir), goOn)
}
