package lab

import (
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

// Published is what results are compared with: as says which of the paper's nodes each node
// plays, as reproduction.ParseParts reads it. An error is about as.
func Published(results *result.Results, as []string) (*reproduction.Published, error) {
	recorded, err := Paper()
	if err != nil {
		return nil, err
	}
	claims, err := reproduction.ReadClaims(paper.ClaimsJSON)
	if err != nil {
		return nil, err
	}
	parts, err := reproduction.ParseParts(as, &results.Plan, &recorded.Plan)
	return &reproduction.Published{Results: recorded, As: parts, Claims: claims}, err
}
