package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"coldstart/runner/console"
	"coldstart/runner/registration"
)

// removeOptions are the options of the command remove.
type removeOptions struct {
	runnerFlags
	wait      time.Duration
	force     bool
	localOnly bool
	dryRun    bool
}

func newRemove(out *console.Console) *cobra.Command {
	o := &removeOptions{}
	cmd := &cobra.Command{
		Use:   "remove --node NAME --repo OWNER/REPO",
		Short: "Remove a node's runner from this machine",
		Long: `Remove a node's runner from this machine: wait until it has no job, stop it,
unregister it, and remove its unit and files. The user that jobs ran as stays, and so
does its home. --dry-run prints every step, and needs neither root nor a token.

It also works if the server already forgot the runner. Run it again to finish an
interrupted removal. The token is that of register, in GITHUB_TOKEN; without one,
--local-only removes what is on this machine.`,
		Example: `  coldstart remove --node n1 --repo me/vllm --dry-run
  sudo --preserve-env=GITHUB_TOKEN coldstart remove --node n1 --repo me/vllm --wait 2h`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd, out) },
	}
	o.addFlags(cmd)
	flags := cmd.Flags()
	o.wait = time.Hour
	flags.Var(period(&o.wait, 0, "of 0 or more"), "wait", "how long to wait for a running job to end")
	flags.BoolVar(&o.force, "force", false, "do not wait: cancel a running job")
	flags.BoolVar(&o.localOnly, "local-only", false, "do not ask the server: it forgot the runner, or there is no token")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print every step and change nothing")
	return cmd
}

func (o *removeOptions) run(cmd *cobra.Command, out *console.Console) error {
	runner, err := o.runner(registration.DefaultUser)
	if err != nil {
		return err
	}
	r := &registration.Removal{
		Runner: runner, System: registration.Local(), Out: out.Out, Token: githubToken(),
		LocalOnly: o.localOnly, Wait: o.wait, Force: o.force,
	}
	if o.dryRun {
		_, err := fmt.Fprint(out.Out, r.Recipe())
		return err
	}
	return r.Run(cmd.Context())
}
