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

// reproduce are the options of the command of that name.
type reproduce struct {
	labFlags
	out   string
	speed float64
}

func newReproduce(out *console.Console) *cobra.Command {
	o := &reproduce{}
	cmd := &cobra.Command{
		Use:   "reproduce",
		Short: "Plan, measure and report in one go",
		Long: `Plan the grid of the lab's file, measure every cell of it, and report: the
figures as PDFs, the hardware table, report.pdf, summary.md and the numbers.

The engine is replay unless another is named: no GPU is needed, and the numbers
are those that the paper's authors recorded.`,
		Example: `  coldstart reproduce
  coldstart reproduce --figures 7,9,10 --out figures
  coldstart reproduce --figures 2 --speed 1      # in real time`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.out, "out", "out", "directory for results, and for the report below it")
	addSpeedFlag(cmd, &o.speed)
	return cmd
}

func addSpeedFlag(cmd *cobra.Command, speed *float64) {
	cmd.Flags().Float64Var(speed, "speed", 0, "replay in real time times this: 1 as it was, 10 ten times as fast, 0 at once")
}

func (o *reproduce) run(ctx context.Context, out *console.Console) error {
	plan, err := o.plan(out)
	if err != nil {
		return err
	}
	directory, err := result.Create(o.out, plan)
	if err != nil {
		return err
	}
	engine, err := lab.Engine(plan, o.speed)
	if err != nil {
		return err
	}
	session := measure.Session{Plan: plan, Engine: engine, Directory: directory, Clock: lab.Clock(plan)}
	incomplete, err := observe(ctx, out, &session, session.All)
	if err != nil {
		return interrupted(err, o.out)
	}
	results, err := result.Read(o.out)
	if err != nil {
		return err
	}
	return report(out, results, filepath.Join(o.out, reportDir), incomplete)
}

// observe shows what a measurement does while it does it.
func observe(ctx context.Context, out *console.Console, session *measure.Session, measurement func(context.Context) (bool, error)) (incomplete bool, err error) {
	progress := out.Progress(measure.Runs(session.Plan))
	defer progress.Stop()
	session.Observer = progress
	return measurement(ctx)
}

// interrupted says how to go on after a session that did not come to its end.
func interrupted(err error, dir string) error {
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w; the cells finished before are kept in %s", err, dir)
	}
	return fmt.Errorf("interrupted; the finished cells are kept in %s: 'coldstart report --from %s --out %s' draws them, the same command again measures all", dir, dir, filepath.Join(dir, reportDir))
}
