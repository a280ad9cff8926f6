package compare

import (
	"slices"

	"coldstart/reports/phase"
)

// setupFacts are the differences between the engine's configurations in the two sides'
// logs.
func (p *pair) setupFacts() (facts []Fact) {
	for _, a := range p.a.setups() {
		for _, b := range p.b.setups() {
			for _, setting := range a.Differences(b) {
				facts = append(facts, Fact{What: setting.Name, A: setting.A, B: setting.B})
			}
		}
	}
	return facts
}

// setups are the engine's configurations in the counted runs, each once.
func (r *runs) setups() (all []*phase.Setup) {
	for _, run := range r.counted {
		if s := r.cell.SetupOf(run); s != nil && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
