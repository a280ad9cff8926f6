package table

import (
	"fmt"

	"coldstart/reports/result"
)

// Verdict is what a fact that was declared and the one that a probe found say of
// each other.
type Verdict uint8

// A fact that was not declared, or could not be found, contradicts nothing.
const (
	Equal Verdict = iota // in other words, perhaps
	Different
	Undeclared
	Unknown // declared, but the probe could not find it
)

// String is the verdict as a word.
func (v Verdict) String() string {
	return [...]string{"equal", "different", "undeclared", "unknown"}[v]
}

// Fact is a row of the hardware table, declared and found.
type Fact struct {
	Name             string // of the row, such as "GPU"
	Declared, Probed string // as the table shows them; empty where there is nothing
	Verdict          Verdict
}

// Compare compares what is declared of a machine with what a probe found, row by
// row of the hardware table. Both may be nil.
func Compare(declared, probed *result.Hardware) []Fact {
	facts := make([]Fact, len(hardwareRows))
	for i, row := range hardwareRows {
		facts[i] = row.compare(declared, probed)
	}
	return facts
}

func (r hardwareRow) compare(declared, probed *result.Hardware) Fact {
	fact := Fact{Name: r.name, Declared: r.known(declared), Probed: r.known(probed)}
	switch {
	case fact.Declared == "":
		fact.Verdict = Undeclared
	case fact.Probed == "":
		fact.Verdict = Unknown
	case !r.same(declared, probed):
		fact.Verdict = Different
	}
	return fact
}

// Differences says in words how many facts differ from what is declared.
func Differences(n int) string {
	switch n {
	case 0:
		return "no fact differs from what is declared"
	case 1:
		return "1 fact differs from what is declared"
	}
	return fmt.Sprintf("%d facts differ from what is declared", n)
}
