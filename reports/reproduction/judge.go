package reproduction

import (
	"slices"
	"strings"

	"coldstart/reports/figure"
)

// Verdict says whether a claim of the paper holds.
type Verdict string

// A claim is decided if the whole interval is inside or outside the rule's limits.
const (
	Holds       Verdict = "holds"
	DoesNotHold Verdict = "does not hold"
	Undecided   Verdict = "undecided"
	NotMeasured Verdict = "not measured"
)

// Judgement is a claim with its verdict.
type Judgement struct {
	Claim
	Here    *Estimate `json:"here,omitempty"`     // nil if the quantity was not measured
	StandIn bool      `json:"stand_in,omitempty"` // the models had random weights
	Verdict Verdict   `json:"verdict"`
	Note    string    `json:"note,omitempty"` // why it is not decided
}

// decide checks an interval against the rule.
func (r Rule) decide(i *Interval) Verdict {
	limits := r.limits()
	switch {
	case i == nil:
		return Undecided
	case i.Low > limits.Low && i.High < limits.High:
		return Holds
	case i.High < limits.Low || i.Low > limits.High:
		return DoesNotHold
	}
	return Undecided
}

// judge judges a claim by the figures here.
func (r *reproducer) judge(claim Claim) Judgement {
	j := Judgement{Claim: claim, Verdict: NotMeasured}
	e, why := r.evidence(claim.Figure)
	if e == nil {
		if why != "" {
			j.Verdict, j.Note = Undecided, why
		}
		return j
	}
	j.StandIn = e.data.StandIn
	estimate, missing := quantities[claim.Quantity].estimate(e, claim.Of)
	if missing != "" {
		j.Verdict, j.Note = Undecided, missing
		return j
	}
	j.Here, j.Verdict = &estimate, claim.Rule.decide(estimate.Interval)
	if j.Verdict == Undecided {
		j.Note = "the interval reaches beyond the rule's limits"
		if estimate.Interval == nil {
			j.Note = "no interval: " + estimate.Blind
		}
	}
	return j
}

// evidence is the figure here that a claim is judged by: the one whose nodes play the
// paper's. If nobody said which node plays which, it is the only figure of that number, if
// it has one node. It is nil if there is no such figure; why may give the reason.
func (r *reproducer) evidence(number string) (e *evidence, why string) {
	var others []string
	for i, d := range r.figures {
		if d.Figure != number || d.Empty() {
			continue
		}
		if r.judges(d) {
			return &evidence{results: r.here, spec: &r.here.Plan.Figures[i], data: d}, ""
		}
		others = append(others, d.Place())
	}
	if len(others) > 0 {
		return nil, "measured on " + strings.Join(others, "; ") + ": say which of the paper's nodes they play"
	}
	return nil, ""
}

// judges reports whether claims are judged by a figure.
func (r *reproducer) judges(d *figure.Data) bool {
	if r.parts != nil {
		paper := r.paperFigure(d.Figure)
		return paper != nil && plays(r.parts, d, paper)
	}
	node := ""
	for _, n := range d.Nodes {
		if node != "" && n != node {
			return false
		}
		node = n
	}
	return !slices.ContainsFunc(r.figures, func(other *figure.Data) bool {
		return other != d && other.Figure == d.Figure && !other.Empty()
	})
}
