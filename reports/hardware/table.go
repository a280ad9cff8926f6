package hardware

import (
	"cmp"
	"strings"

	"coldstart/reports/table"
)

// Table is the paper's hardware table, one column per node. A probed node has two
// columns, declared and probed; a probed fact that contradicts the declared one is marked
// as a mismatch. An undeclared fact is "--" as in the paper. A fact that the probe could
// not find is "unknown".
func Table(nodes []Node) table.Table {
	t := table.Table{Header: []string{""}, Rows: make([][]table.Cell, len(rows))}
	for i, row := range rows {
		t.Rows[i] = []table.Cell{{Text: row.name}}
	}
	for _, node := range nodes {
		t.Header = append(t.Header, node.titles()...)
		for i, fact := range node.facts() {
			t.Rows[i] = append(t.Rows[i], fact.declaredCell())
			if node.Probed != nil {
				t.Rows[i] = append(t.Rows[i], fact.probedCell())
			}
		}
	}
	return t
}

func (n Node) titles() []string {
	if n.Probed == nil {
		return []string{n.Name}
	}
	return []string{n.Name + " declared", n.Name + " probed"}
}

// Brief is a node's processors and memory in a line, as probed, or else as declared; empty
// if nothing is known.
func (n Node) Brief() string {
	known := n.described()
	var parts []string
	for _, row := range rows {
		if text := row.show(known); text != "" && (row.part == Processor || row.part == Memory) {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

// Known is a node as probed, or else as declared.
func (n Node) Known() Hardware { return n.described().Hardware }

func (n Node) described() *description {
	if n.Probed != nil {
		return n.Probed.described()
	}
	return n.Declared.described()
}

const (
	undeclared = "--" // as in the paper
	unknown    = "unknown"
)

func (f Fact) declaredCell() table.Cell { return table.Cell{Text: cmp.Or(f.Declared, undeclared)} }

func (f Fact) probedCell() table.Cell {
	return table.Cell{Text: cmp.Or(f.Probed, unknown), Mismatch: f.Verdict == Different}
}
