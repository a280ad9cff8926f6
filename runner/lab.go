package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/runner/catalogue"
	"coldstart/runner/console"
	"coldstart/runner/engine/replay"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// lab are the options that say what is to be measured where.
type lab struct {
	matrix     string
	figures    string
	nodes      []string
	engine     string
	iterations int
}

func (l *lab) addFlags(cmd *cobra.Command) {
	l.addMatrixFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&l.figures, "figures", "all", "figures: all, rest ("+strings.Join(catalogue.Rest(), ",")+"), or numbers with commas between")
	flags.StringSliceVar(&l.nodes, "nodes", nil, "nodes to measure on (default: where the lab's file puts each figure)")
	l.addEngineFlags(cmd)
}

func (l *lab) addMatrixFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&l.matrix, "matrix", "hardware-matrix.yaml", "the lab's file")
}

func (l *lab) addEngineFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&l.engine, "engine", replay.Name, "what to start: replay, the paper's recorded runs")
	flags.IntVar(&l.iterations, "iterations", paper.Iterations, "counted iterations, after one warm-up")
}

// plan lays out the grid of the lab. Notes about it go to the console.
func (l *lab) plan(out *console.Console) (*result.Plan, error) {
	file, err := l.load()
	if err != nil {
		return nil, err
	}
	session, err := l.session()
	if err != nil {
		return nil, err
	}
	made, notes, err := plan.Make(file, plan.Selection{Figures: l.figures, Nodes: l.nodes}, session)
	if err != nil {
		return nil, usageError{err}
	}
	for _, note := range notes {
		out.Notef("%s", note)
	}
	return made, nil
}

func (l *lab) load() (*matrix.Matrix, error) {
	file, err := matrix.Load(l.matrix, catalogue.Roles())
	var mistakes matrix.Errors
	if errors.As(err, &mistakes) {
		return nil, fmt.Errorf("%s cannot be used:\n%w", l.matrix, err)
	}
	return file, err
}

// session is the paper's own for a replay, so that the same replay gives the
// same bytes.
func (l *lab) session() (plan.Session, error) {
	switch {
	case l.engine != replay.Name:
		return plan.Session{}, usagef("there is no engine %q; choose %s", l.engine, replay.Name)
	case l.iterations < 1:
		return plan.Session{}, usagef("--iterations must be at least 1, not %d", l.iterations)
	case l.iterations > paper.Iterations:
		return plan.Session{}, usagef("--iterations %d: the paper recorded %d, and more cannot be replayed", l.iterations, paper.Iterations)
	}
	return plan.Session{Name: replay.Session, Date: replay.Date, Engine: replay.Name, Iterations: l.iterations}, nil
}

// clock is when cells are finished; a replay's are finished at no time.
func (l *lab) clock() func() time.Time { return nil }
