package reports

import (
	"slices"

	"coldstart/reports/table"
)

// glance is the first page's table, with one row per figure. Columns that say nothing are
// left out.
func (r *Report) glance() table.Table {
	made := r.Reproduction
	claimed := made != nil
	compared := claimed && made.Compared() && !made.Own()
	t := table.Table{Header: []string{"Figure", "Shows", "Nodes", "Result"}}
	for _, column := range []struct {
		shown bool
		head  string
	}{{compared, "Ratio to the paper"}, {claimed, "Claim"}, {!r.Complete(), "Complete"}} {
		if column.shown {
			t.Header = append(t.Header, column.head)
		}
	}
	for _, d := range r.all() {
		row := []string{d.Number(), r.Title(d), d.Place(), d.Headline()}
		if compared {
			row = append(row, made.RatioOf(d.Number()))
		}
		if claimed {
			row = append(row, made.VerdictOf(d.Number()))
		}
		if !r.Complete() {
			row = append(row, map[bool]string{true: "yes", false: "no"}[d.Complete])
		}
		t.Add(row...)
	}
	return t
}

// verdicts count the verdicts on the paper's claims, and state those that are open.
func (r *Report) verdicts() []string {
	made := r.Reproduction
	if made == nil {
		return nil
	}
	return slices.Concat([]string{made.ClaimsSummary()}, made.Open(), made.Hints())
}

// nodesInBrief are the plan's nodes with their processors and memory.
func (r *Report) nodesInBrief() (facts [][2]string) {
	for _, node := range r.nodes() {
		if brief := node.Brief(); brief != "" {
			facts = append(facts, [2]string{node.Name, brief})
		}
	}
	return facts
}
