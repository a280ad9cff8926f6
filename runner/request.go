package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"coldstart/reports/compare"
	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/engine/replay"
	"coldstart/runner/lab"
	"coldstart/runner/paper"
)

// addMatrixFlag adds the option that names hardware-matrix.yaml.
func addMatrixFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "matrix", "", "file that declares the nodes (default: $"+lab.Variable+", or "+
		lab.FileName+" here, or the paper's)")
}

// openNode finds a node in the matrix at a path.
func openNode(path, name string) (*lab.Node, error) {
	opened, err := lab.Open(path)
	if err != nil {
		return nil, err
	}
	return opened.Node(name)
}

// requestFlags are the options of what is asked for, but for the figures and nodes.
type requestFlags struct {
	matrix string
	lab.Request
}

func (l *requestFlags) addFlags(cmd *cobra.Command) {
	addMatrixFlag(cmd, &l.matrix)
	flags := cmd.Flags()
	flags.StringSliceVar(&l.Only, "only", nil, "models to measure, by their keys (default: all that the figures need)")
	flags.StringVar(&l.Engine, "engine", replay.Name,
		"what to start: replay (the paper's recorded runs), vllm, or an engine of hardware-matrix.yaml")
	l.addProtocolFlags(cmd)
}

// addProtocolFlags adds the options that say how an engine is started, and how often.
func (l *requestFlags) addProtocolFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.Var((*start)(&l.Start), "start",
		"engine (the engine alone, as in the paper), or serve (vllm: 'vllm serve' until its first token)")
	flags.StringVar(&l.Environment, "environment", "",
		"vllm: environment of every figure except 1 (default: the node's, or the paper's)")
	l.Iterations = paper.Iterations
	flags.Var(wholeNumber(&l.Iterations, 1, result.MostIterations), "iterations",
		"counted iterations, after one warm-up; with --confidence the fewest")
	flags.Var((*percent)(&l.Confidence), "confidence",
		"go on until every phase's 95 % interval is within this of its mean, such as 5%")
	flags.Var(wholeNumber(&l.MaxIterations, 1, result.MostIterations), "max-iterations", fmt.Sprintf(
		"counted iterations at most, with a rule that stops measuring (default: %d with --confidence, else %d)",
		lab.MostIterations, compare.MostTurns))
}

// addTinyFlag adds the option of a model that needs no download.
func (l *requestFlags) addTinyFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&l.Tiny, "tiny", false,
		"measure a tiny model with random weights, which needs no download, for figures 2 and 12")
}

// checkBase refuses --base without a revision, as an unset variable of a shell gives it:
// nothing would be compared.
func checkBase(given *pflag.FlagSet) error {
	if base := given.Lookup("base"); base.Changed && base.Value.String() == "" {
		return usagef("--base must be a commit, branch or tag, not empty")
	}
	return nil
}

// start is how engines are started, as an option.
type start result.Start

// Set reads the option's word.
func (s *start) Set(text string) error {
	parsed, err := lab.ParseStart(text)
	if err == nil {
		*s = start(parsed)
	}
	return err
}

// String is the option's word.
func (s *start) String() string { return cmp.Or(string(*s), lab.EngineOnly) }

// Type names it in a command's help.
func (s *start) Type() string { return "string" }

// percent is a share that is written as a percentage.
type percent float64

// Set reads a percentage, such as 5% or 5.
func (p *percent) Set(text string) error {
	share, err := lab.ParsePercent(text, 100)
	*p = percent(share)
	return err
}

// String is the percentage; empty for none.
func (p *percent) String() string {
	if *p == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(*p)*100, 'g', -1, 64) + "%"
}

// Type names it in a command's help.
func (p *percent) Type() string { return "percent" }

// addGridFlags adds the options that choose figures and nodes.
func (l *requestFlags) addGridFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&l.Figures, "figures", "all",
		"figures: all, rest ("+strings.Join(paper.Rest(), ",")+"), or comma-separated numbers")
	flags.StringSliceVar(&l.Nodes, "nodes", nil,
		"nodes to measure on (default: where hardware-matrix.yaml puts each figure)")
}

// plan lays out the grid. Notes about it go to the console.
func (l *requestFlags) plan(out *console.Console) (*lab.Lab, *result.Plan, error) {
	opened, err := lab.For(l.Engine, l.matrix)
	if err != nil {
		return nil, nil, err
	}
	made, notes, err := opened.Plan(l.Request)
	out.Notes(notes)
	return opened, made, err
}
