package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/lab"
)

// reproduce are the options of the command of that name.
type reproduce struct {
	requestFlags
	hostFlags
	out string
}

func newReproduce(out *console.Console) *cobra.Command {
	o := &reproduce{}
	cmd := &cobra.Command{
		Use:   "reproduce",
		Short: "Plan, measure and report in one go",
		Long: `Plan the grid of hardware-matrix.yaml, measure every job of it, and report: the
figures as PDFs, the hardware table, report.pdf, summary.md and the numbers.

The default engine is replay: it needs no GPU, and the numbers are those that the
paper's authors recorded.

Any other engine measures this machine: name its node with --nodes. vllm starts vLLM
in environments that 'coldstart setup' makes, with the models of --models;
hardware-matrix.yaml may declare other commands. With --tiny, figures 2 and 12
measure a tiny model with random weights, which needs no download.

With --start serve, vllm serves: each start is 'vllm serve' until /health answers
200, and until the first token of one request. The default, engine, starts the engine
alone, as the paper did; it serves nothing. The two are never compared.

Each run is saved before the next begins. After an interruption the same command
with --resume SESSION goes on.`,
		Example: `  coldstart reproduce
  coldstart reproduce --figures 7,9,10 --out figures
  coldstart reproduce --figures 2 --speed 1      # in real time
  coldstart reproduce --engine vllm --nodes n1 --models /models --out tonight
  coldstart reproduce --engine vllm --environment cpu --tiny --figures 2 --nodes n1 --out real`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.requestFlags.addFlags(cmd)
	o.addGridFlags(cmd)
	cmd.Flags().StringVar(&o.out, "out", "out", "directory for results, and for the report below it")
	o.hostFlags.addFlags(cmd)
	o.addSpeedFlag(cmd)
	o.addTinyFlag(cmd)
	return cmd
}

func (o *reproduce) run(ctx context.Context, out *console.Console) error {
	node, plan, err := o.layOut(out)
	if err != nil {
		return err
	}
	session, release, err := o.Begin(node, plan)
	if err != nil {
		return err
	}
	defer release()
	out.Notef("%s", o.doing(plan))
	return measureAll(ctx, out, session, o.out, func(incomplete bool) error {
		results, err := result.Read(o.out)
		if err != nil {
			return err
		}
		return report(ctx, out, results, nil, filepath.Join(o.out, reportDir), incomplete)
	})
}

// doing says what comes.
func (o *reproduce) doing(plan *result.Plan) string {
	runs := table.Count(plan.Runs(plan.Cells...), "run")
	if !plan.Origin().Measured() {
		return fmt.Sprintf("Replaying %s that the paper's authors recorded; nothing is measured.", runs)
	}
	most := ""
	if plan.Stop != nil {
		most = "at most "
	}
	return fmt.Sprintf("Measuring %s%s of %s on this machine, node %s.", most, runs, plan.MeasuredBy(), plan.Cells[0].Node)
}

// layOut makes the plan, and finds the node that this machine is.
func (o *reproduce) layOut(out *console.Console) (*lab.Node, *result.Plan, error) {
	opened, plan, err := o.plan(out)
	if err != nil {
		return nil, nil, err
	}
	node, err := opened.Here(plan)
	if err != nil {
		return nil, nil, err
	}
	return node, plan, o.ready(o.Request, plan)
}
