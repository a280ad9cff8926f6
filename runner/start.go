package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"coldstart/reports"
	"coldstart/reports/hardware"
	"coldstart/reports/rank"
	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/engine/vllm"
	"coldstart/runner/lab"
)

// startOptions are the options of the command start.
type startOptions struct {
	requestFlags
	hostFlags
	node, out string
	tiny      bool
}

func newStart(out *console.Console) *cobra.Command {
	o := &startOptions{}
	cmd := &cobra.Command{
		Use:   "start MODEL [-- ENGINE ARGUMENTS]",
		Short: "Measure the start-up of one model",
		Long: `Measure the start-up of one model on this machine: a warm-up, then the counted runs,
as for any figure. MODEL is a folder, a model of 'coldstart models list', or a
repository of the hub that is in the directory of models or in the hub's cache. What
follows -- are vLLM's own arguments.

With --tiny and no MODEL, a tiny model with random weights is measured, which needs no
download and no GPU.

It prints where the time goes, and leaves the breakdown and the start-ups over time
as PDFs below --out. No ` + lab.FileName + ` is needed: without one, the node is this
machine, by its name.`,
		Example: `  coldstart start ./my-model
  coldstart start Qwen/Qwen3-0.6B --environment vllm-0.20.2 --start serve
  coldstart start llama3-3b --models /models -- --max-model-len 8192 --enforce-eager
  coldstart start --tiny --environment cpu-current`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			model, words, err := o.splitAtDash(cmd, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context(), out, model, words)
		},
	}
	addMatrixFlag(cmd, &o.matrix)
	flags := cmd.Flags()
	flags.StringVar(&o.node, "node", "",
		"which node of the lab this machine is (default: that of its name, or the only one)")
	flags.StringVar(&o.Engine, "engine", vllm.Name, "what to start: vllm, or an engine of hardware-matrix.yaml")
	flags.StringVar(&o.out, "out", "out", "directory for results, and for the report below it")
	flags.BoolVar(&o.tiny, "tiny", false, "measure a tiny model with random weights, which needs no download")
	o.addProtocolFlags(cmd)
	o.hostFlags.addFlags(cmd)
	return cmd
}

// splitAtDash parts the model from the engine's arguments, which follow --.
func (o *startOptions) splitAtDash(cmd *cobra.Command, args []string) (model string, words []string, err error) {
	at := cmd.ArgsLenAtDash()
	if at < 0 {
		at = len(args)
	}
	switch {
	case o.tiny && at > 0:
		return "", nil, usagef("choose %q or --tiny", args[0])
	case o.tiny:
		return "", args, nil
	case at == 0:
		return "", nil, usagef("name the model: a folder, a repository of the hub, or a model of 'coldstart models list'")
	case at == 1:
		return args[0], args[at:], nil
	}
	return "", nil, usagef("start takes one model, not also %q; the engine's arguments follow --", args[1])
}

func (o *startOptions) run(ctx context.Context, out *console.Console, model string, words []string) error {
	node, plan, err := o.layOut(ctx, out, model, words)
	if err != nil {
		return err
	}
	session, release, err := o.Begin(node, plan)
	if err != nil {
		return err
	}
	defer release()
	return measureAll(ctx, out, session, o.out, func(bool) error { return o.show(ctx, out, session.Directory) })
}

// layOut finds the node that this machine is, and makes the plan.
func (o *startOptions) layOut(
	ctx context.Context, out *console.Console, model string, words []string,
) (*lab.Node, *result.Plan, error) {
	here, err := thisNode()
	if err != nil && o.node == "" {
		return nil, nil, err
	}
	opened, node, err := lab.OpenHere(o.matrix, o.node, here, func() *hardware.Probe {
		return (&probeFlags{models: o.ModelsDir}).probe(ctx)
	})
	if err != nil {
		return nil, nil, err
	}
	if o.tiny {
		if model, err = o.MakeTiny(); err != nil {
			return nil, nil, err
		}
	}
	plan, notes, err := opened.PlanStart(o.Request, &o.Host, node, model, words)
	out.Notes(notes)
	if err != nil {
		return nil, nil, err
	}
	return node, plan, o.ready(o.Request, plan)
}

// show reports what was measured, and prints where the time goes.
func (o *startOptions) show(ctx context.Context, out *console.Console, measured *result.Directory) error {
	results, err := result.Read(o.out)
	if err != nil {
		return err
	}
	made, err := reports.New(ctx, results, nil)
	dir := filepath.Join(o.out, reportDir)
	if err == nil {
		err = made.Write(ctx, dir)
	}
	if err != nil {
		return err
	}
	cell := results.Cell(results.Plan.Figures[0].Cells[""])
	if why := notStarted(cell); why != "" {
		return fmt.Errorf("it did not start: %s", why)
	}
	data := made.Figures[0]
	drawn, configuration := data.Name+".pdf", results.Plan.Set(cell.Cell.Set).Configurations[0].ID
	shown, ok := reports.StartUp(cell, configuration)
	if ok {
		drawn += " and " + timelineFile
		err = drawTimeline(measured, cell, dir)
	} else { // without time stamps there is no timeline
		shown = data.Numbers()
	}
	if err := errors.Join(err, out.Table(shown)); err != nil {
		return err
	}
	out.Notes(rank.OfRuns(cell, cell.CountedRuns(configuration)).Words())
	for _, warning := range results.Warnings {
		out.Notef("warning: %s", warning)
	}
	fmt.Fprintf(out.Out, "%s\nThe report is in %s; open %s.\n", data.Headline(), dir, drawn)
	if !data.Complete {
		return fmt.Errorf("%w: the report in %s says what is missing", errIncomplete, dir)
	}
	return nil
}

// timelineFile is the name of the start-ups over time in a report's directory.
const timelineFile = "timeline.pdf"

// notStarted is why no start-up counts; empty if one does.
func notStarted(cell *result.CellResult) (why string) {
	if cell == nil {
		return "nothing was measured"
	}
	why = cell.Error
	for i := range cell.Runs {
		if run := &cell.Runs[i]; run.Counts() {
			return ""
		} else if run.Failed != "" {
			why = run.Failed
		}
	}
	return why
}

// drawTimeline draws the counted start-ups over time.
func drawTimeline(measured *result.Directory, cell *result.CellResult, dir string) error {
	var paths []string
	for i := range cell.Runs {
		if run := &cell.Runs[i]; run.Counts() {
			paths = append(paths, measured.Log(cell.Cell, run))
		}
	}
	logs, failures := readMeasured(paths, nil)
	if err := errors.Join(failures...); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := reports.Timelines(&text, logs); err != nil {
		return err
	}
	return result.WriteFile(filepath.Join(dir, timelineFile), text.Bytes())
}
