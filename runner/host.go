package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
)

// hostFlags are the options that say how this machine measures.
type hostFlags struct {
	lab.Host
	resume string
}

func (h *hostFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Float64Var(&h.Speed, "speed", 0, "replay in real time times this: 1 as it was, 10 ten times as fast, 0 at once")
	flags.StringVar(&h.ModelsDir, "models", "", "directory of the models (default: the node's in the lab's file)")
	flags.StringVar(&h.EnvironmentsDir, "environments", "",
		"vllm: directory of the environments (default: where setup makes them)")
	flags.StringVar(&h.StateDir, "state", "", "directory of finished runs (default: coldstart in your state directory)")
	flags.StringVar(&h.resume, "resume", "",
		"session to go on with: its finished runs on this machine are taken as they are")
	flags.DurationVar(&h.Limit, "limit", 0,
		"how long one start may take (default: the engine's in the lab's file, or "+lab.DefaultLimit.String()+")")
	flags.BoolVar(&h.KeepIdentities, "keep-identities", false,
		"leave the names of users, hosts and addresses in kept logs")
}

// goOn makes the plan go on with the session to resume, if there is one.
func (h *hostFlags) goOn(plan *result.Plan) error {
	if h.resume == "" {
		return nil
	}
	return h.Resume(plan, h.resume)
}

// watch begins to show a session of so many runs, with the name by which it can go on
// if it measures.
func watch(out *console.Console, session *measure.Session, runs int) *console.Progress {
	if m := session.Machine; m != nil {
		out.Notef("session %s: what is finished of it is kept in %s", session.Plan.Session, m.Ledger.Dir)
	}
	progress := out.Progress(runs)
	session.Observer = progress
	return progress
}

// interrupted says how to go on after a session that did not come to its end.
func interrupted(err error, plan *result.Plan, dir string) error {
	goOn := "a replay begins anew"
	if plan.Origin().Measured() {
		goOn = "the same command with --resume " + plan.Session + " goes on"
	}
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w; the cells finished before are kept in %s, and %s", err, dir, goOn)
	}
	return fmt.Errorf("interrupted; what is finished is kept in %s: "+
		"'coldstart report --from %s --out %s' draws it, and %s",
		dir, dir, filepath.Join(dir, reportDir), goOn)
}
