package compare

import (
	"coldstart/reports/result"
)

// Declared are the differences between what hardware-matrix.yaml says of the engine and its
// environments on two sides of a change, in the cells that both plans have.
func Declared(a, b *result.Plan) (facts []Fact) {
	for i := range a.Cells {
		mine, other := &a.Cells[i], b.Cell(a.Cells[i].ID)
		if other == nil || mine.Declared == nil || other.Declared == nil {
			continue
		}
		for _, name := range variableNames(mine.Declared, other.Declared) {
			fact := Fact{What: name, A: declaredText(mine.Declared, name), B: declaredText(other.Declared, name)}
			if len(a.Nodes) > 1 {
				fact.Of = mine.Node
			}
			if fact.A != fact.B {
				facts = appendNew(facts, fact)
			}
		}
	}
	return facts
}

// declaredText is what is said under a name, or "not set".
func declaredText(said map[string]string, name string) string {
	if text, set := said[name]; set {
		return text
	}
	return "not set"
}
