package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"coldstart/reports"
	"coldstart/reports/reproduction"
	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/lab"
)

// asFlag says which of the paper's nodes the measured nodes play.
type asFlag struct{ as []string }

func (a *asFlag) addAsFlag(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&a.as, "as", nil,
		"the paper's node that the measured node plays, n1; of several nodes, h100=n1,h200=n2")
}

// claimsOptions are the options of the command claims.
type claimsOptions struct {
	writersFlag
	asFlag
	from string
	json bool
}

func newClaims(out *console.Console) *cobra.Command {
	o := &claimsOptions{}
	cmd := &cobra.Command{
		Use:   "claims [--from DIR]",
		Short: "Check the paper's findings on results",
		Long: `Check the paper's findings on the results in a directory, or without --from on
the runs that the paper's authors recorded. Each finding is a quantity of a figure
and a rule for it. It holds, or does not hold, if the whole 95 % interval of the
quantity is on one side of the rule's limits, and is undecided otherwise.

The rules do not depend on the paper's hardware, except for the figures that compare
two nodes. For those, and if a figure was measured on several nodes, --as says which
of the paper's nodes they play. --as n1 is for results of one node.

The exit code is 0 whatever the verdicts are.`,
		Example: `  coldstart claims
  coldstart claims --from out --as n1
  coldstart claims --from out --as h100=n1,h200=n2 --json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addWritersFlag(cmd)
	o.addAsFlag(cmd)
	cmd.Flags().StringVar(&o.from, "from", "", "directory of the results (default: the paper's)")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON, as data/claims.json of a report")
	return cmd
}

func (o *claimsOptions) run(ctx context.Context, out *console.Console) error {
	results, err := o.readOrPaper(out, o.from)
	if err != nil {
		return err
	}
	made, err := makeReport(ctx, results, o.as)
	if err != nil {
		return err
	}
	if made.Reproduction == nil {
		return fmt.Errorf("%s has none of the paper's figures, which the paper's findings are of; "+
			"'coldstart report --from %[1]s' shows those that it has", o.from)
	}
	if o.json {
		return printJSON(out.Out, made.Reproduction)
	}
	if _, err := fmt.Fprintf(out.Out, "%s\n", made.OriginWords()); err != nil {
		return err
	}
	return printClaims(out, made.Reproduction, made.Reproduction.ClaimsNotes())
}

// makeReport compares results with the paper's.
func makeReport(ctx context.Context, results *result.Results, as []string) (*reports.Report, error) {
	published, err := lab.Published(results, as)
	if err != nil {
		return nil, usageError{fmt.Errorf("--as: %w", err)}
	}
	return reports.New(ctx, results, published)
}

// printClaims prints every claim with its verdict, and notes below them.
func printClaims(out *console.Console, made *reproduction.Reproduction, notes []string) error {
	if err := out.Table(made.ClaimsTable()); err != nil {
		return err
	}
	for _, note := range slices.Concat(notes, made.SetupWords()) {
		fmt.Fprintln(out.Out, note)
	}
	out.Notes(made.Hints())
	return nil
}

// printReproduction prints the results beside the paper's. For the paper's own runs it only
// counts the claims, and of results without the paper's figures it prints nothing.
func printReproduction(out *console.Console, made *reproduction.Reproduction) error {
	switch {
	case made == nil:
		return nil
	case made.Own():
		_, err := fmt.Fprintf(out.Out, "%s 'coldstart claims' lists them.\n", made.ClaimsSummary())
		return err
	}
	if made.Compared() {
		if err := out.Table(made.FiguresTable()); err != nil {
			return err
		}
	}
	return printClaims(out, made, []string{made.ClaimsSummary()})
}
