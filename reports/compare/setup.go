package compare

import (
	"slices"

	"coldstart/reports/phase"
)

// setupFacts are the differences between the engine's configurations in the two sides'
// logs. A setting that varies within a side is not one.
func (p *pair) setupFacts() (facts []Fact) {
	a, b := p.a.setups(), p.b.setups()
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	varies := union(p.a.varying(), p.b.varying())
	for _, setting := range a[0].Differences(b[0]) {
		if !slices.Contains(varies, setting.Name) {
			facts = append(facts, Fact{What: setting.Name, A: setting.A, B: setting.B})
		}
	}
	return facts
}

// setups are the engine's configurations in the counted runs, each once.
func (r *runs) setups() (all []*phase.Setup) {
	known := map[*phase.Setup]bool{}
	for _, run := range r.counted {
		if s := r.cell.SetupOf(run); s != nil && !known[s] {
			known[s], all = true, append(all, s)
		}
	}
	return all
}

// varying are the names of the settings that not all counted runs share, sorted.
func (r *runs) varying() (names []string) {
	setups := r.setups()
	for i := 1; i < len(setups); i++ {
		for _, setting := range setups[0].Differences(setups[i]) {
			names = union(names, []string{setting.Name})
		}
	}
	return names
}
