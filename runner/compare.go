package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports"
	"coldstart/reports/compare"
	"coldstart/reports/loose"
	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/lab"
)

// paperResults is the name that stands for the paper's recorded runs.
const paperResults = "paper"

// everyPhase is the word for all phases.
const everyPhase = "all"

// compareOptions are the options of the command compare.
type compareOptions struct {
	writersFlag
	failAbove string
	margin    float64 // share of A's mean that matters; 0: failAbove, or the usual one
	phases    []string
	sets      []string
	out       string
	json      bool
}

func newCompare(out *console.Console) *cobra.Command {
	o := &compareOptions{}
	cmd := &cobra.Command{
		Use:   "compare A B",
		Short: "Compare two result sets: did it get slower?",
		Long: `Compare results B with results A, segment by segment of the time to ready, for every
configuration that both sides measured on the same node: means with 95 % confidence
intervals, the difference, and whether it is more than noise. Runs without segments,
which older results have, are compared by the paper's phases. A and B are directories as report
takes them, or "paper", the runs that the paper's authors recorded (write ./paper
for a directory of that name). --matrix FILE declares the nodes of logs that are
laid out as the paper's artifact.

A and B may also be start-up logs, or directories of .log and .txt files as phases reads
them: each file is one run, and the runs of each model count together. If each side has
one model, they are compared, whatever its name. One log a side shows by how much two
start-ups differ, and not whether that is more than noise.

Environment, engine and release may differ; the differences are listed. Another
machine, model, argument or cache policy is another experiment: it is left out,
and the reason is listed. --set baseline=baseline-ssd compares two measurement
sets on purpose.

With --fail-above 5% the exit code is 1 if a deciding phase is significantly slower
by more than that, or if a configuration that started in A never starts in B. The
time to ready decides, or the segments that --phase names. If it names phases of the
paper, those are compared, and the named ones decide; segment.model_loading is the
segment of two with one name. Where a difference is unsettled, the table says how many more runs would
settle it.

Two sessions differ in all that changed between them. Measured in turns ('coldstart
measure --against'), they differ only in what is compared.`,
		Example: `  coldstart compare before after
  coldstart compare monday.log tuesday.log
  coldstart compare before after --fail-above 5% --phase load_weights,torch.compile
  coldstart compare paper paper --set baseline=baseline-ssd --out ssd`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("fail-above") && o.failAbove == "" { // as of a variable that is not set
				return usagef("--fail-above must be a percentage such as 5%%, not empty")
			}
			return o.run(out, args)
		},
	}
	o.addWritersFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.failAbove, "fail-above", "",
		"exit with 1 if B is significantly slower by more than this, such as 5%")
	flags.StringSliceVar(&o.phases, "phase", nil,
		"what decides: segments, or phases of the paper, or all of these (default: the time to ready)")
	flags.StringArrayVar(&o.sets, "set", nil,
		"measurement set to compare, NAME or NAME=NAME of A and of B (default: all of both)")
	flags.StringVar(&o.out, "out", "", "directory for compare.pdf and compare.json")
	flags.BoolVar(&o.json, "json", false, "print JSON, with the values of all runs")
	return cmd
}

func (o *compareOptions) run(out *console.Console, args []string) error {
	if len(args) != 2 {
		return usagef("name the two results or logs to compare: compare A B, directories, logs or %q", paperResults)
	}
	options, limit, err := o.options(args)
	if err != nil {
		return err
	}
	c, err := o.compare(out, args, options)
	if err != nil {
		return err
	}
	if err := o.show(out, c); err != nil {
		return err
	}
	if o.failAbove == "" {
		return nil
	}
	return verdict(c, limit)
}

// show prints the comparison, and writes its picture and numbers if --out asks for them.
func (o *compareOptions) show(out *console.Console, c *compare.Comparison) error {
	var numbers bytes.Buffer
	if o.json || o.out != "" {
		if err := printJSON(&numbers, c); err != nil {
			return err
		}
	}
	if o.out != "" {
		if err := reports.WriteComparison(o.out, c, numbers.Bytes()); err != nil {
			return err
		}
	}
	if !o.json {
		return printComparison(out, c)
	}
	_, err := numbers.WriteTo(out.Out)
	return err
}

// options are what compare is asked for. limit is a share of A's mean.
func (o *compareOptions) options(args []string) (options compare.Options, limit float64, err error) {
	options = compare.Options{NameA: args[0], NameB: args[1], Margin: o.margin}
	if o.failAbove != "" {
		if limit, err = lab.ParsePercent(o.failAbove, 1000); err != nil {
			return options, 0, usagef("--fail-above %w", err)
		}
		options.Margin = limit
	}
	options.Every = slices.Equal(o.phases, []string{everyPhase})
	if !options.Every {
		if options.Phases, err = result.ParseQuantities(o.phases); err != nil {
			return options, 0, usageError{err}
		}
	}
	for _, set := range o.sets {
		a, b, two := strings.Cut(set, "=")
		if !two {
			b = a
		}
		if a == "" || b == "" {
			return options, 0, usagef("--set must be NAME or NAME=NAME, not %q", set)
		}
		options.Sets = append(options.Sets, compare.SetPair{A: a, B: b})
	}
	return options, limit, nil
}

// compare reads both sides and compares them. Warnings about either go to the console, with
// the side's letter.
func (o *compareOptions) compare(
	out *console.Console, args []string, options compare.Options,
) (*compare.Comparison, error) {
	sides, err := o.sides(out, args)
	if err != nil {
		return nil, err
	}
	for i, results := range sides {
		for _, warning := range results.Warnings {
			out.Notef("warning: %s: %s", string("AB"[i]), warning)
		}
	}
	return compare.Results(sides[0], sides[1], options)
}

// sides are the results of A and B, or results made of their logs.
func (o *compareOptions) sides(out *console.Console, args []string) (sides [2]*result.Results, err error) {
	var logs []string
	for i, from := range args {
		if from != paperResults && lab.IsLogs(from) {
			logs = append(logs, from)
		} else if sides[i], err = o.results(out, from); err != nil {
			return sides, err
		}
	}
	switch len(logs) {
	case 1:
		return sides, fmt.Errorf("only %s holds start-up logs: compare logs with logs, or results with results", logs[0])
	case 2:
		return loose.ReadBoth(logs[0], logs[1])
	}
	return sides, nil
}

// results are those in a directory, or the paper's.
func (o *compareOptions) results(out *console.Console, from string) (*result.Results, error) {
	if from == paperResults {
		return lab.Paper()
	}
	results, err := o.read(out, from)
	if none, is := errors.AsType[*result.NoResultsError](err); is {
		err = fmt.Errorf("%w; or a start-up log, or a directory of .log or .txt files", none)
	}
	return results, err
}

// printComparison prints the comparison and its warnings.
func printComparison(out *console.Console, c *compare.Comparison) error {
	fmt.Fprintln(out.Out, c.Answer.Sentence+".")
	for _, line := range c.Heading() {
		fmt.Fprintln(out.Out, line)
	}
	if err := out.Table(c.Table()); err != nil {
		return err
	}
	for _, line := range c.Summary() {
		fmt.Fprintln(out.Out, line)
	}
	if len(c.LeftOut) > 0 {
		fmt.Fprintln(out.Out, "Not compared:")
	}
	for _, l := range c.LeftOut {
		fmt.Fprintf(out.Out, "  %v\n", l)
	}
	for _, warning := range c.AllWarnings() {
		out.Notef("warning: %s", warning)
	}
	return nil
}

// errRegression is the error of a comparison in which B is worse than A.
var errRegression = errors.New("regression")

// verdict is an error if B is slower by more than a share of A's mean, or no longer comes
// up.
func verdict(c *compare.Comparison, limit float64) error {
	var lines []string
	if slower := c.Regressions(limit); len(slower) > 0 {
		lines = append(lines, fmt.Sprintf("significantly slower than A, by more than %s %%:", compare.Percent(limit)))
		for _, r := range slower {
			lines = append(lines, "  "+r.String())
		}
	}
	if lost := c.Lost(); len(lost) > 0 {
		lines = append(lines, "started in A, never in B:")
		for _, l := range lost {
			lines = append(lines, "  "+l.String())
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", errRegression, strings.Join(lines, "\n"))
}
