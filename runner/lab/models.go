package lab

import (
	"slices"
	"strings"

	"coldstart/reports/result"
)

// CheckModels refuses a plan that needs models on a node for which the matrix names no
// directory of them.
func (l *Lab) CheckModels(p *result.Plan) error {
	if lacking := l.withoutModels(p); len(lacking) > 0 {
		return requestErrorf("matrix", "engine %s needs models: say with models: in %s where they are on %s",
			p.Engine, l.path, strings.Join(lacking, ", "))
	}
	return nil
}

// CheckModels refuses a plan that needs models of which either side's matrix says nothing.
func (s Sides) CheckModels(p *result.Plan) error {
	if err := s.Base.CheckModels(p); err != nil {
		return err
	}
	return s.Head.CheckModels(p.Against)
}

// checkModels refuses a plan that needs models on a node, this machine, whose directory of
// them is unknown.
func (h *Host) checkModels(n *Node, p *result.Plan) error {
	if h.modelsOf(n) == "" && slices.Contains(n.lab.withoutModels(p), n.Name) {
		return requestErrorf("models", "say where the models are: --models DIR, "+
			"or models: of node %s in hardware-matrix.yaml", n.Name)
	}
	return nil
}

// withoutModels are the nodes on which a plan measures models, and for which the matrix
// names no directory of them. A lab's own engine knows its models itself, and a hardware
// cell needs none.
func (l *Lab) withoutModels(p *result.Plan) (nodes []string) {
	if engines[p.Engine] == nil || l.has(p.Engine) {
		return nil
	}
	for _, cell := range p.Cells {
		if cell.Figure != "" && l.file.Models[cell.Node] == "" && !slices.Contains(nodes, cell.Node) {
			nodes = append(nodes, cell.Node)
		}
	}
	return nodes
}
