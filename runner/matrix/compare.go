package matrix

import (
	"cmp"
	"strings"

	"coldstart/reports/result"
)

// side is a role with the place of its value.
type side struct {
	Role
	at position
}

// A comparison says why two sides cannot be compared, and what to write instead;
// it is silent where they can.
type comparison func(a, b Role) (fault string)

// comparisons are by what a role is named for: gpu0 and gpu1 are compared as gpu.
var comparisons = map[string]comparison{
	"gpu":  compareGPUs,
	"cpu":  compareCPUs,
	"case": compareCases,
}

// kindOf is what a role is named for.
func kindOf(role string) string { return strings.TrimRight(role, "0123456789") }

// judgeSides checks that a comparison compares what it is named for.
func (l *lab) judgeSides(figure string, sides []side) {
	for i, b := range sides {
		for _, a := range sides[:i] {
			compare, named := comparisons[kindOf(b.Name)]
			if !named {
				continue
			}
			if fault := compare(a.Role, b.Role); fault != "" {
				l.errorf(b.at, "figure %s: %s and %s %s", figure, a.Name, b.Name, fault)
			}
		}
	}
}

func compareGPUs(a, b Role) string {
	switch {
	case a.Node != b.Node:
		return ""
	case a.GPU == "" || b.GPU == "":
		return "are on one node; give another node, or the index of each GPU, such as {node: " + a.Node + ", gpu: 1}"
	case a.GPU == b.GPU:
		return "are the same GPU of one node; give another node or another index"
	}
	return ""
}

func compareCPUs(a, b Role) string {
	if a.Node == b.Node {
		return "are on one node, so on one CPU; give another node"
	}
	return ""
}

// compareCases keeps everything alike but the page cache.
func compareCases(a, b Role) string {
	switch {
	case a.Node != b.Node:
		return "are on different nodes, but compare two states of one page cache; give the same node to both"
	case gpusOf(a) != gpusOf(b):
		return "are on different GPUs, but compare two states of one page cache; give the same GPU to both"
	}
	return ""
}

// gpusOf are the GPUs that a role runs on: the first where none is given.
func gpusOf(r Role) result.GPUs { return cmp.Or(r.GPU, "0") }
