package hardware

import (
	"cmp"

	"coldstart/reports/table"
)

// Table is the paper's hardware table, a column a node. A probed node has two
// columns, declared and probed, and a probed fact that contradicts the declared one
// is a mismatch. A fact that is not declared is "--" as in the paper, one that the
// probe could not find is "unknown".
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

// titles are the headers of a node's columns.
func (n Node) titles() []string {
	if n.Probed == nil {
		return []string{n.Name}
	}
	return []string{n.Name + " declared", n.Name + " probed"}
}

const (
	undeclared = "--" // as in the paper
	unknown    = "unknown"
)

func (f Fact) declaredCell() table.Cell { return table.Cell{Text: cmp.Or(f.Declared, undeclared)} }

func (f Fact) probedCell() table.Cell {
	return table.Cell{Text: cmp.Or(f.Probed, unknown), Mismatch: f.Verdict == Different}
}
