package hardware

import (
	"fmt"

	"coldstart/reports/table"
)

// Part is the part of a machine that a row of the hardware table belongs to.
type Part uint8

// The parts differ in what a difference between declared and probed means.
const (
	Processor Part = iota // CPU and GPU: a difference means another machine
	Memory                // a difference means that modules were added or removed
	System                // system, driver and drives: may differ after an update
	Software              // belongs to the Python environment, not to the machine
)

// Verdict is the outcome of comparing a declared fact with a probed one.
type Verdict string

// Undeclared and Unknown are no contradictions.
const (
	Equal      Verdict = "equal" // wording may differ
	Different  Verdict = "different"
	Undeclared Verdict = "undeclared"
	Unknown    Verdict = "unknown" // declared, but the probe could not find it
)

// Fact is a row of the hardware table, declared and probed.
type Fact struct {
	Name     string  `json:"fact"` // of the row, such as "GPU"
	Part     Part    `json:"-"`
	Declared string  `json:"declared,omitempty"` // as the table shows it; empty if not declared
	Probed   string  `json:"found,omitempty"`    // likewise; empty if not found
	Verdict  Verdict `json:"verdict"`
}

// Compare compares a declaration with a probe, row by row of the hardware table.
func Compare(declared, probed Description) []Fact {
	d, p := declared.described(), probed.described()
	facts := make([]Fact, len(rows))
	for i, row := range rows {
		facts[i] = row.compare(d, p)
	}
	return facts
}

// Node is a machine in hardware-matrix.yaml.
type Node struct {
	Name     string
	Declared Hardware
	Probed   *Probe // nil if it was not probed
}

func (n Node) facts() []Fact {
	if n.Probed == nil {
		return Compare(n.Declared, Hardware{})
	}
	return Compare(n.Declared, n.Probed)
}

// Mismatch is a fact of a node that differs from its declaration.
type Mismatch struct {
	Node string
	Fact
}

// String is the mismatch as a sentence without a full stop.
func (m Mismatch) String() string {
	return fmt.Sprintf("%s: %s is declared as %s, but the node has %s", m.Node, m.Name, m.Declared, m.Probed)
}

// Mismatches are the node's facts that differ from the declaration, in table order.
func (n Node) Mismatches() (mismatches []Mismatch) {
	for _, fact := range n.facts() {
		if fact.Verdict == Different {
			mismatches = append(mismatches, Mismatch{n.Name, fact})
		}
	}
	return mismatches
}

// Differences says how many facts differ from the declaration.
func Differences(n int) string {
	if n == 0 {
		return "no fact differs from what is declared"
	}
	return fmt.Sprintf("%s %s from what is declared", table.Count(n, "fact"), table.Agree(n, "differs", "differ"))
}
