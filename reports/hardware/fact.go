package hardware

import "fmt"

// Part is the part of a machine that a row of the hardware table belongs to.
type Part uint8

// Parts, by what a difference in them means.
const (
	Processor Part = iota // another CPU or GPU makes it another machine
	Memory                // differs if modules were added or removed
	System                // system, driver and drives: differ after an update
	Software              // belongs to the Python environment, not to the machine
)

// Verdict is the outcome of comparing a declared fact with a probed one.
type Verdict string

// A fact that is not declared, or that the probe could not find, contradicts nothing.
const (
	Equal      Verdict = "equal" // perhaps in other words
	Different  Verdict = "different"
	Undeclared Verdict = "undeclared"
	Unknown    Verdict = "unknown" // declared, but the probe could not find it
)

// Fact is a row of the hardware table, declared and probed.
type Fact struct {
	Name     string  `json:"fact"` // of the row, such as "GPU"
	Part     Part    `json:"-"`
	Declared string  `json:"declared,omitempty"` // as the table shows it; empty if there is nothing
	Probed   string  `json:"found,omitempty"`    // likewise
	Verdict  Verdict `json:"verdict"`
}

// Compare compares what is declared of a machine with what a probe found, row by
// row of the hardware table.
func Compare(declared, probed Description) []Fact {
	d, p := declared.described(), probed.described()
	facts := make([]Fact, len(rows))
	for i, row := range rows {
		facts[i] = row.compare(d, p)
	}
	return facts
}

// Node is a machine of the lab.
type Node struct {
	Name     string
	Declared Hardware
	Probed   *Probe // nil if nobody probed it
}

func (n Node) facts() []Fact {
	if n.Probed == nil {
		return Compare(n.Declared, Hardware{})
	}
	return Compare(n.Declared, n.Probed)
}

// Mismatch is a fact of a node that is not as declared.
type Mismatch struct {
	Node string
	Fact
}

// String is the mismatch as a sentence for a summary, without a full stop.
func (m Mismatch) String() string {
	return fmt.Sprintf("%s: %s is declared as %s, but the node has %s", m.Node, m.Name, m.Declared, m.Probed)
}

// Mismatches are the node's facts that are not as declared, in the order of the
// table's rows.
func (n Node) Mismatches() (mismatches []Mismatch) {
	for _, fact := range n.facts() {
		if fact.Verdict == Different {
			mismatches = append(mismatches, Mismatch{n.Name, fact})
		}
	}
	return mismatches
}

// Differences says how many facts differ from what is declared.
func Differences(n int) string {
	switch n {
	case 0:
		return "no fact differs from what is declared"
	case 1:
		return "1 fact differs from what is declared"
	}
	return fmt.Sprintf("%d facts differ from what is declared", n)
}
