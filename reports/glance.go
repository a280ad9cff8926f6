package reports

import (
	"slices"

	"coldstart/reports/figure"
	"coldstart/reports/table"
)

// A column of the first page's table.
type column struct {
	head  string
	shown bool
	cell  func(*figure.Data) string
}

var yesOrNo = map[bool]string{true: "yes", false: "no"}

// glance is the first page's table, with one row per figure that is drawn. Columns that say
// nothing are left out.
func (r *Report) glance() (t table.Table) {
	drawn, made := r.drawn(), r.Reproduction
	compared := made != nil && made.Compared() && !made.Own()
	lacks := func(d *figure.Data) bool { return !d.Complete }
	columns := []column{
		{"Figure", true, (*figure.Data).Number},
		{"Shows", true, func(d *figure.Data) string { return d.Title }},
		{"Nodes", true, (*figure.Data).Place},
		{"Result", true, (*figure.Data).Headline},
		{"Ratio to the paper", compared, func(d *figure.Data) string { return made.RatioOf(d.Number()) }},
		{"Claim", made != nil, func(d *figure.Data) string { return made.VerdictOf(d.Number()) }},
		{"Complete", slices.ContainsFunc(drawn, lacks), func(d *figure.Data) string { return yesOrNo[d.Complete] }},
	}
	columns = slices.DeleteFunc(columns, func(c column) bool { return !c.shown })
	for _, c := range columns {
		t.Header = append(t.Header, c.head)
	}
	for _, d := range drawn {
		var row []string
		for _, c := range columns {
			row = append(row, c.cell(d))
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
