package reproduction

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/result"
)

// Reproduction is the comparison of results with the paper's.
type Reproduction struct {
	As      map[string]string `json:"as,omitempty"`   // node here to the paper's node that it plays
	Hint    string            `json:"hint,omitempty"` // how to get the comparison, if there is none
	Figures []Figure          `json:"figures,omitempty"`
	Claims  []Judgement       `json:"claims"`
	Setup   Setup             `json:"setup"`
	own     bool              // the results are the paper's own runs
}

// Figure is the comparison of one figure with the paper's.
type Figure struct {
	Figure     string      `json:"figure"` // as figure.Data.Number
	Title      string      `json:"title"`
	StandIn    bool        `json:"stand_in,omitempty"` // the models here had random weights
	Comparison *Comparison `json:"comparison,omitempty"`
	Note       string      `json:"note,omitempty"` // why there is no comparison
}

// Compared reports whether any figure could be compared.
func (r *Reproduction) Compared() bool { return len(r.Figures) > 0 }

// Hints say how to get the comparison; empty if there is one.
func (r *Reproduction) Hints() (hints []string) {
	if r.Hint != "" {
		hints = append(hints, r.Hint)
	}
	return hints
}

// Own reports that the results are the paper's own runs.
func (r *Reproduction) Own() bool { return r.own }

// reproducer compares results with the paper's.
type reproducer struct {
	here, paper  *result.Results
	figures      []*figure.Data // of here's plan, in its order
	paperFigures []*figure.Data
	parts        map[string]string // node here to paper's node; nil if nobody said
}

// Published is what the paper published, for results to be compared with.
type Published struct {
	Results *result.Results
	As      map[string]string // node here to the paper's node that it plays; nil for the paper's own runs
	Claims  []Claim           // to judge
}

// Concerns tells whether any of the figures is one of the paper's. The others cannot be
// compared, and no claim is of them.
func (p *Published) Concerns(figures []*figure.Data) bool {
	return slices.ContainsFunc(figures, func(d *figure.Data) bool {
		return slices.ContainsFunc(p.Results.Plan.Figures, func(f result.Figure) bool { return f.Number == d.Figure })
	})
}

// New compares results with the paper's, and judges the claims. figures are those of the
// results' plan, in its order. Only figures whose nodes play the paper's are compared.
func New(here *result.Results, figures []*figure.Data, published *Published) (*Reproduction, error) {
	paper, as := published.Results, published.As
	r := &reproducer{here: here, paper: paper, figures: figures, parts: as}
	var err error
	if r.paperFigures, err = figure.All(paper); err != nil {
		return nil, err
	}
	if err := checkParts(as, &here.Plan, &paper.Plan); err != nil {
		return nil, err
	}
	own := here.Plan.Origin().Replayed()
	if r.parts == nil && own {
		r.parts = ownParts(&paper.Plan)
	}
	made := &Reproduction{As: as, Setup: r.holdSetups(), own: own}
	if r.parts == nil {
		made.Hint = r.hint()
	} else if made.Figures, err = r.compareAll(); err != nil {
		return nil, err
	}
	for _, claim := range published.Claims {
		if r.paperFigure(claim.Figure) == nil {
			return nil, fmt.Errorf("claim %q: the paper has no figure %q", claim.ID, claim.Figure)
		}
		made.Claims = append(made.Claims, r.judge(claim))
	}
	return made, nil
}

// paperFigure is the paper's figure of a number, or nil.
func (r *reproducer) paperFigure(number string) *figure.Data {
	for _, d := range r.paperFigures {
		if d.Figure == number {
			return d
		}
	}
	return nil
}

// hint says how to get the comparison.
func (r *reproducer) hint() string {
	nodes := nodesOf(&r.here.Plan)
	if len(nodes) == 0 {
		return ""
	}
	who, example := nodes[0], "--as n1"
	if len(nodes) > 1 {
		who, example = "each of "+strings.Join(nodes, ", "), fmt.Sprintf("--as %s=n1,%s=n2", nodes[0], nodes[1])
	}
	return fmt.Sprintf("For a comparison with the paper's numbers, say which of the paper's nodes (%s) %s plays, "+
		"for example %s (an option of report, claims and comment).",
		strings.Join(nodesOf(&r.paper.Plan), ", "), who, example)
}

// compareAll compares the figures that are not empty.
func (r *reproducer) compareAll() (rows []Figure, err error) {
	for i, d := range r.figures {
		if d.Empty() {
			continue
		}
		row := Figure{Figure: d.Number(), Title: d.Title, StandIn: d.StandIn}
		if row.Comparison, row.Note, err = r.compareFigure(i); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// compareFigure compares the figure of an index with the paper's. If there is no
// comparison, why says so.
func (r *reproducer) compareFigure(i int) (c *Comparison, why string, err error) {
	d := r.figures[i]
	paper := r.paperFigure(d.Figure)
	switch {
	case paper == nil:
		return nil, "the paper has no such figure", nil
	case !plays(r.parts, d, paper):
		return nil, fmt.Sprintf("measured on %s; the paper measured it on %s", d.Place(), paper.Place()), nil
	}
	if d.Kind.OverModels() {
		if d, paper, err = r.ofCommonModels(i); err != nil {
			return nil, "", err
		}
	}
	compared, ok := Compare(d, paper)
	if !ok {
		return nil, "no point is in both", nil
	}
	return &compared, "", nil
}
