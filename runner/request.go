package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/engine/replay"
	"coldstart/runner/lab"
	"coldstart/runner/paper"
)

// addMatrixFlag adds the option that names the lab's file.
func addMatrixFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "matrix", lab.DefaultPath, "the lab's file")
}

// openNode opens the lab's file for one of its nodes.
func openNode(path, name string) (*lab.Node, error) {
	opened, err := lab.Open(path)
	if err != nil {
		return nil, err
	}
	return opened.Node(name)
}

// requestFlags are the options that say what is asked of the lab: of what figures on
// what nodes, the command says.
type requestFlags struct {
	matrix string
	lab.Request
}

func (l *requestFlags) addFlags(cmd *cobra.Command) {
	addMatrixFlag(cmd, &l.matrix)
	flags := cmd.Flags()
	flags.StringSliceVar(&l.Only, "only", nil, "models to measure, by their keys (default: all that the figures ask for)")
	flags.StringVar(&l.Engine, "engine", replay.Name,
		"what to start: replay, the paper's recorded runs; or on this machine vllm, or one of the lab's own")
	flags.StringVar(&l.Environment, "environment", "",
		"vllm: environment of all figures but the first (default: the node's, or the paper's)")
	flags.IntVar(&l.Iterations, "iterations", paper.Iterations,
		"counted iterations, after one warm-up; with --confidence the fewest")
	flags.Var((*percent)(&l.Confidence), "confidence",
		"go on until every phase's 95 % interval is within this of its mean, such as 5%")
	flags.IntVar(&l.MaxIterations, "max-iterations", mostIterations, "counted iterations at most, with --confidence")
}

// mostIterations is after how many counted iterations a measurement gives up to
// settle.
const mostIterations = 20

// percent is a share that is written as a percentage.
type percent float64

// Set reads a percentage, such as 5% or 5.
func (p *percent) Set(text string) error {
	share, err := lab.ParsePercent(text)
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

// addGridFlags adds the options that choose of the grid.
func (l *requestFlags) addGridFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&l.Figures, "figures", "all",
		"figures: all, rest ("+strings.Join(paper.Rest(), ",")+"), or numbers with commas between")
	flags.StringSliceVar(&l.Nodes, "nodes", nil, "nodes to measure on (default: where the lab's file puts each figure)")
}

// plan lays out the grid of the lab. Notes about it go to the console.
func (l *requestFlags) plan(out *console.Console) (*lab.Lab, *result.Plan, error) {
	opened, err := lab.Open(l.matrix)
	if err != nil {
		return nil, nil, err
	}
	made, notes, err := opened.Plan(l.Request)
	out.Notes(notes)
	return opened, made, err
}
