package plan

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/runner/catalogue"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
)

// Selection is what is wanted of the lab's figures.
type Selection struct {
	Figures string   // "all", "rest", or comma-separated numbers
	Nodes   []string // none: each figure where the matrix puts it
	Models  []string // none: all that the figures ask for
}

// resolve places the selected figures on nodes. A figure that was not named, but
// is one of all, is left out with a note where a node that it needs was not
// asked for; one that was named is an error there.
func (s Selection) resolve(lab *matrix.Matrix, all catalogue.Catalogue) (placed []placement, notes []string, err error) {
	for _, node := range s.Nodes {
		if _, ok := lab.Node(node); !ok {
			return nil, nil, fmt.Errorf("there is no node %q; the nodes are %s", node, strings.Join(lab.NodeNames(), ", "))
		}
	}
	numbers, named, err := s.numbers(lab)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range all.Figures {
		if !slices.Contains(numbers, f.Number) {
			continue
		}
		for _, p := range s.place(f, lab) {
			switch missing := s.missingNode(p); {
			case missing == "":
				placed = append(placed, p)
			case named:
				return nil, nil, fmt.Errorf("figure %s %s, but --nodes %[4]s leaves out %[3]s; name %[5]s",
					f.Number, p.where(), missing, strings.Join(s.Nodes, ","), p.all())
			default:
				notes = append(notes, fmt.Sprintf("figure %s is left out: it %s, but --nodes %[4]s leaves out %[3]s",
					f.Number, p.where(), missing, strings.Join(s.Nodes, ",")))
			}
		}
	}
	if len(numbers) == 0 {
		return nil, nil, fmt.Errorf("nothing is left to measure: hardware-matrix.yaml has none of the figures %s",
			strings.Join(paper.Rest(), ", "))
	}
	if len(placed) == 0 {
		return nil, nil, fmt.Errorf("nothing is left to measure: %s", strings.Join(notes, "; "))
	}
	return placed, notes, nil
}

// numbers are the figures selected; named tells that they were listed one by one.
func (s Selection) numbers(lab *matrix.Matrix) (numbers []string, named bool, err error) {
	var placed []string
	for _, f := range lab.Figures {
		placed = append(placed, f.Number)
	}
	switch s.Figures {
	case "", "all":
		return placed, false, nil
	case "rest":
		return slices.DeleteFunc(paper.Rest(), func(n string) bool { return !slices.Contains(placed, n) }), false, nil
	}
	for number := range strings.SplitSeq(s.Figures, ",") {
		number = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(number), "figure"), "-")
		if !slices.Contains(placed, number) {
			return nil, false, fmt.Errorf("there is no figure %q; choose all, rest, or comma-separated numbers: %s",
				number, strings.Join(placed, ","))
		}
		numbers = append(numbers, number)
	}
	return numbers, true, nil
}

// place puts a figure where the matrix says; a figure without roles instead on each node
// asked for.
func (s Selection) place(f catalogue.Figure, lab *matrix.Matrix) (placed []placement) {
	i := slices.IndexFunc(lab.Figures, func(g matrix.Figure) bool { return g.Number == f.Number })
	if where := lab.Figures[i]; len(where.Roles) > 0 {
		return []placement{{figure: f, roles: where.Roles}}
	}
	nodes := lab.Figures[i].Nodes
	if len(s.Nodes) > 0 {
		nodes = s.Nodes
	}
	for i, node := range nodes {
		if !slices.Contains(nodes[:i], node) {
			placed = append(placed, placement{figure: f, roles: []matrix.Role{{Node: node}}})
		}
	}
	return placed
}

// missingNode is the first node of a placement that was not asked for.
func (s Selection) missingNode(p placement) string {
	for _, node := range p.nodes() {
		if len(s.Nodes) > 0 && !slices.Contains(s.Nodes, node) {
			return node
		}
	}
	return ""
}
