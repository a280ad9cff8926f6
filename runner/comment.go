package main

import (
	"context"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"coldstart/reports/comment"
	"coldstart/runner/console"
	"coldstart/runner/forge"
	"coldstart/runner/lab"
)

// commentOptions are the options of the command comment.
type commentOptions struct {
	writersFlag
	asFlag
	serverFlags
	from     string
	pull     int
	workflow string
	dryRun   bool
}

func newComment(out *console.Console) *cobra.Command {
	o := &commentOptions{}
	cmd := &cobra.Command{
		Use:   "comment --from DIR --repo OWNER/REPO --pull N",
		Short: "Post the report on a pull request",
		Long: `Post what the results in a directory show as a comment on a pull request. Results
of both sides of a change, as the workflow measures them, are compared. There
is one comment per pull request and --workflow: it is updated, never repeated.
Somebody else's comment is never updated, whatever it says.

The token is taken from the environment, GITHUB_TOKEN, and needs the permission
to write to pull requests. GITHUB_API_URL, or --api-url, names a server other
than github.com, such as a GitHub Enterprise Server's /api/v3.`,
		Example: `  coldstart comment --from out --repo me/vllm --pull 12 --dry-run
  GITHUB_TOKEN=… coldstart comment --from out --repo me/vllm --pull 12`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addWritersFlag(cmd)
	o.addAsFlag(cmd)
	o.serverFlags.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "directory of the results")
	flags.Var(wholeNumber(&o.pull, 1, math.MaxInt32), "pull", "number of the pull request")
	flags.StringVar(&o.workflow, "workflow", "reproduce", "name that the comment is found by")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print the comment instead")
	return cmd
}

func (o *commentOptions) run(ctx context.Context, out *console.Console) error {
	repository, err := o.repository()
	switch {
	case o.from == "":
		return usagef("say where the results are: --from DIR")
	case !o.dryRun && err != nil:
		return usageError{err}
	case !o.dryRun && o.pull == 0:
		return usagef("say which pull request: --pull N")
	}
	text, err := o.text(ctx, out)
	if err != nil {
		return err
	}
	if o.dryRun {
		_, err := fmt.Fprint(out.Out, text)
		return err
	}
	pull := forge.PullRequest{Repository: repository, Number: o.pull}
	url, err := pull.Post(ctx, githubToken(), comment.Marker(o.workflow), text)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out.Out, url)
	return err
}

func (o *commentOptions) text(ctx context.Context, out *console.Console) (string, error) {
	results, err := o.read(out, o.from)
	if err != nil {
		return "", err
	}
	if results.Against != nil {
		change, err := comment.NewChange(results, 0)
		if err != nil {
			return "", err
		}
		change.Workflow = o.workflow
		return change.Text()
	}
	report, err := makeReport(ctx, results, o.as)
	if err != nil {
		return "", err
	}
	paper, err := lab.PaperFigures()
	if err != nil {
		return "", err
	}
	return (&comment.Content{Workflow: o.workflow, Report: report, Paper: paper}).Text()
}
