package reports

import (
	"slices"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/hardware"
	"coldstart/reports/reproduction"
)

// swaps are the paper's comparisons of two machines, by the sides: which part differs.
var swaps = []struct {
	first, second string
	part          func(hardware.Hardware) string
}{
	{"gpu0", "gpu1", func(h hardware.Hardware) string { return h.GPU }},
	{"cpu0", "cpu1", func(h hardware.Hardware) string { return h.CPU.Model }},
}

// Title says what a figure shows. A comparison of two machines is named by the parts that it
// compares, such as "L40S relative to H100 NVL", if they are known and differ; the data file
// has the nodes.
func (r *Report) Title(d *figure.Data) string {
	for _, swap := range swaps {
		first, second := swap.part(r.known(d.Nodes[swap.first])), swap.part(r.known(d.Nodes[swap.second]))
		if first != "" && second != "" && first != second {
			return second + " relative to " + first + r.remark(d)
		}
	}
	return d.Title
}

// known is the hardware of a node; nothing is known of a node that the plan lacks.
func (r *Report) known(node string) hardware.Hardware {
	nodes := r.nodes()
	i := slices.IndexFunc(nodes, func(n hardware.Node) bool { return n.Name == node })
	if i < 0 {
		return hardware.Hardware{}
	}
	return nodes[i].Known()
}

// remark is what a figure's title adds to the plan's.
func (r *Report) remark(d *figure.Data) string {
	for _, spec := range r.Results.Plan.Figures {
		if spec.Name == d.Name {
			return strings.TrimPrefix(d.Title, spec.Title)
		}
	}
	return ""
}

// titled is a figure with its title.
func (r *Report) titled(d *figure.Data) *figure.Data {
	titled := *d
	titled.Title = r.Title(d)
	return &titled
}

// titledFigures are the comparisons with the paper, with the titles of the figures.
func (r *Report) titledFigures(compared []reproduction.Figure) []reproduction.Figure {
	compared = slices.Clone(compared)
	for i := range compared {
		for _, d := range r.Figures {
			if d.Number() == compared[i].Figure {
				compared[i].Title = r.Title(d)
			}
		}
	}
	return compared
}
