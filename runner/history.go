package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"coldstart/reports"
	"coldstart/reports/history"
	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/revision"
)

// historyOptions are the options of the command history.
type historyOptions struct {
	out  string
	json bool
}

func newHistory(out *console.Console) *cobra.Command {
	o := &historyOptions{}
	cmd := &cobra.Command{
		Use:   "history FILE|DIR",
		Short: "Show how start-up times changed over commits",
		Long: `Show a history: what each configuration took, commit by commit, and where it became
slower or faster. The table has the whole start-up of each configuration on each
node; the sentences below name the phases that changed, and since which commit.
FILE is a file of lines that 'history add' wrote. Of DIR, every *.jsonl is read.
Commits are in the order of their dates; one that git did not know when it was added
counts as of when it was measured.

A change is a level that begins at a commit: with E-divisive means and a t-test,
after single outliers are taken away. It takes three commits or more to be seen. A
phase that did not change has fewer than one false alarm per 100 commits.

A history cannot tell a change of the code from one of the machine. Where the
environment changed, such as a package or the driver, it says so. To judge one
commit, measure it and its predecessor in turns ('coldstart measure --against').`,
		Example: `  coldstart history add out --to history.jsonl --commit "$(git rev-parse HEAD)"
  coldstart history history.jsonl
  coldstart history history.jsonl --out drawn`,
		RunE: func(_ *cobra.Command, args []string) error { return o.run(out, args) },
	}
	cmd.Flags().StringVar(&o.out, "out", "", "directory for history.pdf and history.json")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON: all records, changes and marks")
	cmd.AddCommand(newHistoryAdd(out))
	return cmd
}

func (o *historyOptions) run(out *console.Console, args []string) error {
	if len(args) != 1 {
		return usagef("name the history: a file *%s, or a directory of such files", history.Ending)
	}
	read, err := history.Read(args[0])
	if err != nil {
		return err
	}
	for _, warning := range read.Warnings {
		out.Notef("warning: %s", warning)
	}
	series := read.Series()
	if len(series) == 0 {
		return fmt.Errorf("%s holds no record; 'coldstart history add' adds the results of a commit", args[0])
	}
	return o.show(out, series)
}

// show prints the series, and writes their picture and numbers if --out asks for them.
func (o *historyOptions) show(out *console.Console, series []*history.Series) error {
	var numbers bytes.Buffer
	if o.json || o.out != "" {
		if err := printJSON(&numbers, map[string]any{"series": series}); err != nil {
			return err
		}
	}
	if o.out != "" {
		var picture bytes.Buffer
		if err := reports.History(&picture, series); err != nil {
			return err
		}
		if err := reports.WritePicture(o.out, "history", picture.Bytes(), numbers.Bytes()); err != nil {
			return err
		}
	}
	if o.json {
		_, err := numbers.WriteTo(out.Out)
		return err
	}
	if err := out.Table(history.Table(series)); err != nil {
		return err
	}
	for _, sentence := range history.Sentences(series) {
		fmt.Fprintf(out.Out, "%s.\n", sentence)
	}
	return nil
}

// historyAdd are the options of 'history add'.
type historyAdd struct {
	writersFlag
	to, commit string
}

func newHistoryAdd(out *console.Console) *cobra.Command {
	o := &historyAdd{}
	cmd := &cobra.Command{
		Use:   "add RESULTS --to FILE|DIR --commit SHA",
		Short: "Add the results of a commit to a history",
		Long: `Add results to a history: one line of JSON for each configuration on each node. RESULTS
is a directory as report takes it, and the commit is the one that was measured.

A name that ends in .jsonl is a file. Any other is a directory, in which each commit
has a file of its own: two branches that add to it do not conflict. Results that the
history has already are not added again. The commit's date, which orders the history,
is that of the git repository here; without it, the time of measuring does.`,
		Example: `  coldstart history add out --to history.jsonl --commit "$(git rev-parse HEAD)"
  coldstart history add out --to history --commit 4f2a9c1`,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), out, args) },
	}
	o.addWritersFlag(cmd)
	cmd.Flags().StringVar(&o.to, "to", "", "file *.jsonl or directory of the history")
	cmd.Flags().StringVar(&o.commit, "commit", "", "hash of the commit that was measured")
	return cmd
}

func (o *historyAdd) run(ctx context.Context, out *console.Console, args []string) error {
	if len(args) != 1 || o.to == "" {
		return usagef("name the results and the history: history add RESULTS --to FILE|DIR --commit SHA")
	}
	if err := history.CheckCommit(o.commit); err != nil {
		return usageError{fmt.Errorf("--commit: %w", err)}
	}
	results, err := o.read(out, args[0])
	if err != nil {
		return err
	}
	added, warnings, err := history.Add(o.to, results, o.commit, revision.Repository{Dir: "."}.Date(ctx, o.commit))
	for _, warning := range append(results.Warnings, warnings...) {
		out.Notef("warning: %s", warning)
	}
	if err != nil {
		return err
	}
	out.Notef("added %s; 'coldstart history %s' shows the history", table.Count(added, "line"), o.to)
	return nil
}
