package main

import (
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/console"
	"coldstart/runner/engine/replay"
	"coldstart/runner/lab"
	"coldstart/runner/paper"
)

// labFlags are the options that say what is to be measured where.
type labFlags struct {
	lab.Request
}

func (l *labFlags) addFlags(cmd *cobra.Command) {
	l.addMatrixFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&l.Figures, "figures", "all", "figures: all, rest ("+strings.Join(catalogue.Rest(), ",")+"), or numbers with commas between")
	flags.StringSliceVar(&l.Nodes, "nodes", nil, "nodes to measure on (default: where the lab's file puts each figure)")
	l.addEngineFlags(cmd)
}

func (l *labFlags) addMatrixFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&l.Matrix, "matrix", "hardware-matrix.yaml", "the lab's file")
}

func (l *labFlags) addEngineFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&l.Engine, "engine", replay.Name, "what to start: replay, the paper's recorded runs; or on this machine vllm, or one of the lab's own")
	flags.StringVar(&l.Environment, "environment", "", "vllm: environment of all figures but the first (default: the node's, or the paper's)")
	flags.IntVar(&l.Iterations, "iterations", paper.Iterations, "counted iterations, after one warm-up")
}

// plan lays out the grid of the lab. Notes about it go to the console.
func (l *labFlags) plan(out *console.Console) (*result.Plan, error) {
	made, notes, err := l.Plan()
	out.Notes(notes)
	return made, err
}
