package lab

import (
	"coldstart/reports"
	"coldstart/reports/figure"
	"coldstart/reports/reproduction"
	"coldstart/reports/result"
	"coldstart/runner/paper"
	"coldstart/runner/plan"
)

// Paper is the paper's own results: the recorded runs on the nodes that the paper had.
func Paper() (*result.Results, error) {
	return paper.Results(plan.Published(plan.Session{
		Name: paper.Session, Date: paper.Date, Engine: result.Replay, Iterations: paper.Iterations,
	}))
}

// PaperFigures are the numbers of the paper's figures.
func PaperFigures() ([]*figure.Data, error) {
	results, err := Paper()
	if err != nil {
		return nil, err
	}
	return figure.All(results)
}

// AgainstPaper compares a report on results with the paper: as says which of the paper's
// nodes each node plays, as reproduction.ParseParts reads it. An error is about as.
func AgainstPaper(results *result.Results, as []string) (reports.Options, error) {
	recorded, err := Paper()
	if err != nil {
		return reports.Options{}, err
	}
	claims, err := reproduction.ReadClaims(paper.ClaimsJSON)
	if err != nil {
		return reports.Options{}, err
	}
	parts, err := reproduction.ParseParts(as, &results.Plan, &recorded.Plan)
	return reports.Options{Paper: recorded, As: parts, Claims: claims}, err
}
