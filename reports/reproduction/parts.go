package reproduction

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/result"
)

// ParseParts reads which of the paper's nodes each node here plays: "h200=n1", or "n1" if
// there is only one node here.
func ParseParts(words []string, here, paper *result.Plan) (map[string]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	parts := map[string]string{}
	for _, word := range words {
		node, part, named := strings.Cut(word, "=")
		if !named {
			if nodes := nodesOf(here); len(nodes) != 1 || len(words) > 1 {
				return nil, fmt.Errorf("these results have the nodes %s: say which of them plays %q, for example %s=%s",
					strings.Join(nodes, ", "), word, orNode(nodes), word)
			}
			node, part = nodesOf(here)[0], word
		}
		if other, twice := parts[node]; twice {
			return nil, fmt.Errorf("node %s cannot play both %s and %s", node, other, part)
		}
		parts[node] = part
	}
	return parts, checkParts(parts, here, paper)
}

func orNode(nodes []string) string {
	if len(nodes) == 0 {
		return "NODE"
	}
	return nodes[0]
}

// checkParts checks that the nodes exist and that no two play the same part.
func checkParts(parts map[string]string, here, paper *result.Plan) error {
	players := map[string]string{}
	for _, node := range slices.Sorted(maps.Keys(parts)) {
		part := parts[node]
		if nodes := nodesOf(here); !slices.Contains(nodes, node) {
			return fmt.Errorf("these results have no figure on a node %q; they have %s", node, strings.Join(nodes, ", "))
		}
		if nodes := nodesOf(paper); !slices.Contains(nodes, part) {
			return fmt.Errorf("the paper has no figure on a node %q; it has %s", part, strings.Join(nodes, ", "))
		}
		if other, twice := players[part]; twice {
			return fmt.Errorf("nodes %s and %s cannot both play %s", other, node, part)
		}
		players[part] = node
	}
	return nil
}

// ownParts are the parts in the paper's own runs: each node plays itself.
func ownParts(paper *result.Plan) map[string]string {
	parts := map[string]string{}
	for _, node := range nodesOf(paper) {
		parts[node] = node
	}
	return parts
}

// nodesOf are the nodes of a plan's figures, sorted.
func nodesOf(plan *result.Plan) []string {
	nodes := map[string]bool{}
	for i := range plan.Figures {
		for _, node := range plan.Figures[i].Nodes {
			nodes[node] = true
		}
	}
	return slices.Sorted(maps.Keys(nodes))
}

// plays reports whether a figure's nodes play those of the paper's figure.
func plays(parts map[string]string, d, paper *figure.Data) bool {
	played := map[string]string{}
	for role, node := range d.Nodes {
		played[role] = parts[node]
	}
	return maps.Equal(played, paper.Nodes)
}
