package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"coldstart/reports"
	"coldstart/reports/result"
	"coldstart/runner/console"
)

// reportDir is where reproduce puts the report, below the results.
const reportDir = "report"

// reportOptions are the options of the command report.
type reportOptions struct {
	writersFlag
	asFlag
	from, out string
}

func newReport(out *console.Console) *cobra.Command {
	o := &reportOptions{}
	cmd := &cobra.Command{
		Use:   "report --from DIR",
		Short: "Draw figures and tables of results",
		Long: `Draw figures and tables of the results in a directory: one that coldstart
measured into, the downloaded artifacts of its jobs, or one laid out as the paper's
artifact (figure-N/iterations/I/output_*.txt).

Of results that coldstart measured, each set has one figure more, segments-SET.pdf:
the segments of its start-ups until they were ready.

Logs in the paper's layout were not measured by coldstart, and every page says so:
"from logs in DIR, not measured by coldstart". They are dated by their own stamps,
which have no year. The layout names no nodes: they are called as in the paper, and
no hardware is shown for them. If you know the machines, declare them in a file like
hardware-matrix.yaml and give it with --matrix FILE.

With --as the figures stand beside the paper's numbers: --as n1 says that the
measured node plays the paper's n1.`,
		Example: `  coldstart report --from out --out report
  coldstart report --from out --as n1
  coldstart report --from vllm-profiling/results --matrix our-lab.yaml --out report`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	cmd.Flags().StringVar(&o.from, "from", "", "directory of the results")
	cmd.Flags().StringVar(&o.out, "out", reportDir, "directory for the report")
	o.addWritersFlag(cmd)
	o.addAsFlag(cmd)
	return cmd
}

func (o *reportOptions) run(ctx context.Context, out *console.Console) error {
	if o.from == "" {
		return usagef("say where the results are: --from DIR")
	}
	results, err := o.read(out, o.from)
	if err != nil {
		return err
	}
	if results.Against != nil {
		return fmt.Errorf("%s has both sides of a change: 'coldstart comment --from %[1]s --dry-run' compares them", o.from)
	}
	return untilSignal(ctx, func(ctx context.Context) error { return report(ctx, out, results, o.as, o.out, false) })
}

// errIncomplete is the error of a command whose report is incomplete.
var errIncomplete = errors.New("incomplete")

// report writes the report and prints its tables. as says which nodes play the paper's;
// incomplete tells that cells could not be measured.
func report(
	ctx context.Context, out *console.Console, results *result.Results, as []string, dir string, incomplete bool,
) error {
	made, err := makeReport(ctx, results, as)
	if err == nil {
		err = made.Write(ctx, dir)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("interrupted; nothing in %s was changed", dir)
	case err != nil:
		return err
	}
	if err := out.Table(made.Hardware()); err != nil {
		return err
	}
	if len(made.Figures) > 0 {
		if err := out.Table(made.Summary()); err != nil {
			return err
		}
	}
	if err := printReproduction(out, made.Reproduction); err != nil {
		return err
	}
	for _, warning := range results.Warnings {
		out.Notef("warning: %s", warning)
	}
	fmt.Fprintf(out.Out, "Open %s.\n", filepath.Join(dir, reports.PDF))
	if incomplete || !made.Complete() {
		return fmt.Errorf("%w: the report in %s says what is missing", errIncomplete, dir)
	}
	return nil
}
