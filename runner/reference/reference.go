// Package reference has the paper's own results, to compare a session with and
// to predict from: its recorded runs, replayed in memory on the nodes that the
// paper had.
package reference

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"coldstart/reports"
	"coldstart/reports/figure"
	"coldstart/reports/phase"
	"coldstart/reports/reproduction"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/replay"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// Figures are the numbers of the paper's figures: "all", "rest", or numbers with
// commas between.
func Figures(selection string) ([]*figure.Data, error) {
	results, err := Results(selection)
	if err != nil {
		return nil, err
	}
	return figure.All(results)
}

// Options hold results against the paper: as says which of the paper's nodes each node
// plays, as in reproduction.ParseParts. An error is about as.
func Options(results *result.Results, as []string) (reports.Options, error) {
	recorded, err := Results("all")
	if err != nil {
		return reports.Options{}, err
	}
	parts, err := reproduction.ParseParts(as, &results.Plan, &recorded.Plan)
	return reports.Options{Paper: recorded, As: parts, Claims: paper.Claims()}, err
}

// Results are the paper's recorded runs for a selection of its figures.
func Results(selection string) (*result.Results, error) {
	session := plan.Session{Name: replay.Session, Date: replay.Date, Engine: replay.Name, Iterations: paper.Iterations}
	made, _, err := plan.Make(Lab(), plan.Selection{Figures: selection}, session)
	if err != nil {
		return nil, err
	}
	results := &result.Results{Plan: *made, Cells: map[string]*result.CellResult{}}
	for _, cell := range made.Cells {
		if cell.Figure == "" || cell.Shares != "" {
			continue
		}
		if results.Cells[cell.ID], err = recorded(made, cell); err != nil {
			return nil, fmt.Errorf("cell %s: %w", cell.ID, err)
		}
	}
	return results, nil
}

// Lab is the paper's: its figures on its nodes, of which no more is told than
// what makes them other machines.
func Lab() *matrix.Matrix {
	l := &matrix.Matrix{DefaultNode: paper.CPUUsageNode}
	for _, f := range paper.Figures() {
		placed := matrix.Figure{Number: f.Number}
		for _, role := range f.Roles {
			node := f.PaperNodes[role]
			if !slices.ContainsFunc(l.Nodes, func(n result.Node) bool { return n.Name == node }) {
				l.Nodes = append(l.Nodes, result.Node{Name: node, Declared: paper.Machines()[node]})
			}
			if role == "" {
				placed.Nodes = append(placed.Nodes, node)
			} else {
				placed.Roles = append(placed.Roles, matrix.Role{Name: role, Node: node})
			}
		}
		l.Figures = append(l.Figures, placed)
	}
	return l
}

// recorded replays a cell's runs.
func recorded(p *result.Plan, cell result.Cell) (*result.CellResult, error) {
	set := p.Set(cell.Set)
	found := &result.CellResult{Schema: result.Schema, Session: p.Session, Engine: p.Engine, Cell: cell}
	if set.SampleCPU {
		found.Usage = paper.CPUUsage()
		return found, nil
	}
	var replayed replay.Engine
	var log bytes.Buffer
	for iteration := 1; iteration <= set.CountedIterations(p.Iterations); iteration++ {
		for i := range set.Configurations {
			log.Reset()
			c := &set.Configurations[i]
			_, err := replayed.Start(context.Background(), engine.Run{Set: set, Configuration: c, Node: cell.Node, Iteration: iteration}, &log)
			if err != nil {
				return nil, err
			}
			read, err := phase.Read(&log, c.ID)
			if err := errors.Join(err, read.Err()); err != nil {
				return nil, err
			}
			run := result.NewRun(iteration, c.ID, read)
			run.Setup = found.KeepSetup(&read.Setup)
			found.Runs = append(found.Runs, run)
		}
	}
	return found, nil
}
