package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/forge"
	"coldstart/runner/lab"
	"coldstart/runner/registration"
)

// statusOptions are the options of the command status.
type statusOptions struct {
	repositoryFlags
	json   bool
	dryRun bool
}

func newStatus(out *console.Console) *cobra.Command {
	o := &statusOptions{}
	cmd := &cobra.Command{
		Use:   "status --repo OWNER/REPO",
		Short: "Show the nodes beside the runners of the repository",
		Long: `Show every node of hardware-matrix.yaml beside its runner: whether the runner is
online and busy, whether it has the node's labels, and its version, and whether GitHub
still gives jobs to that: as GitHub says, or from the files of a runner on this machine
(use sudo there). Runners without a node come last.

The exit code is 1 if a node is not ready: it has no runner, or one that is offline,
has other labels or gets no jobs for its age, or two runners share its name. Other
runners do not matter.

The token comes from the environment variable GITHUB_TOKEN. On GitHub it needs the
repository permission 'Administration: read'.`,
		Example: "  coldstart status --repo me/vllm\n  coldstart status --repo me/vllm --json",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addFlags(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "print the request and the comparison, and do nothing")
	return cmd
}

func (o *statusOptions) run(ctx context.Context, out *console.Console) error {
	repository, err := o.repository()
	if err != nil {
		return err
	}
	opened, err := lab.Open(o.matrix)
	if err != nil {
		return err
	}
	if o.dryRun {
		_, err := fmt.Fprint(out.Out, registration.LookRecipe(repository, opened.Nodes()))
		return err
	}
	status, err := registration.Look(ctx, registration.Local(), repository, githubToken(), opened.Nodes())
	if err != nil {
		return err
	}
	warnPublic(ctx, out, repository)
	if o.json {
		err = printJSON(out.Out, status)
	} else {
		err = out.Table(statusTable(status))
	}
	if err != nil {
		return err
	}
	return notReady(status)
}

func statusTable(status *registration.Status) table.Table {
	t := table.Table{
		Header: []string{"Node", "Runner", "State", "Labels", "Version", "To do"}, Notes: true,
	}
	for _, n := range status.Nodes {
		row := []string{n.Node, "", "", "", n.Version, strings.Join(append(n.Problems, n.Warnings...), "; ")}
		if r := n.Runner; r != nil {
			row[1], row[2], row[3] = r.Name, stateOf(r), strings.Join(r.Labels, ", ")
		}
		t.Add(row...)
	}
	for _, r := range status.Others {
		t.Add("none", r.Name, stateOf(&r), strings.Join(r.Labels, ", "))
	}
	return t
}

func stateOf(r *forge.Runner) string {
	switch {
	case !r.Online:
		return "offline"
	case r.Busy:
		return "busy"
	}
	return "idle"
}

// notReady is an error that names the nodes that are not ready.
func notReady(status *registration.Status) error {
	var names []string
	for _, n := range status.Nodes {
		if !n.Ready() {
			names = append(names, n.Node)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%s %s not ready: %s; coldstart register on the node solves most problems",
		table.Part(len(names), len(status.Nodes), "node"), table.Agree(len(names), "is", "are"), strings.Join(names, ", "))
}
