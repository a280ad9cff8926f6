// Package reference has the paper's own results, to compare a session with and
// to predict from: its recorded runs, replayed in memory on the nodes that the
// paper had.
package reference

import (

	"coldstart/reports"
	"coldstart/reports/figure"
	"coldstart/reports/reproduction"
	"coldstart/reports/result"
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
	session := plan.Session{Name: paper.Session, Date: paper.Date, Engine: result.Replay, Iterations: paper.Iterations}
	made, _, err := plan.Make(Lab(), plan.Selection{Figures: selection}, session)
	if err != nil {
		return nil, err
	}
	return paper.Results(made)
}

// Lab is the paper's: its figures on its nodes, of which no more is told than
// what makes them other machines.
func Lab() *matrix.Matrix {
	l := &matrix.Matrix{DefaultNode: paper.MainNode, Nodes: paper.Nodes()}
	for _, f := range paper.Figures() {
		placed := matrix.Figure{Number: f.Number}
		for _, role := range f.Roles {
			node := f.PaperNodes[role]
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

