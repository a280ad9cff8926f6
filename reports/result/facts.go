package result

import (
	"cmp"
	"slices"
)

// learn fills in facts of models that a cell found on its node and the plan does not state.
// A cell speaks for the models of its own set alone.
func (p *Plan) learn(cell *CellResult) {
	set := p.Set(cell.Cell.Set)
	if set == nil {
		return
	}
	found := map[string]*Model{}
	for i := range cell.Models {
		found[cell.Models[i].Key] = &cell.Models[i]
	}
	for i := range p.Models {
		m := &p.Models[i]
		measured := slices.ContainsFunc(set.Configurations, func(c Configuration) bool { return c.Model == m.Key })
		if facts := found[m.Key]; facts != nil && measured {
			m.learn(facts)
		}
	}
}

func (m *Model) learn(found *Model) {
	m.SizeB = cmp.Or(m.SizeB, plausible(found.SizeB))
	m.TokenizerMB = cmp.Or(m.TokenizerMB, plausible(found.TokenizerMB))
	m.CompiledGraphKB = cmp.Or(m.CompiledGraphKB, plausible(found.CompiledGraphKB))
	m.WeightsGiB = cmp.Or(m.WeightsGiB, plausible(found.WeightsGiB))
	m.Layers = cmp.Or(m.Layers, int(plausible(float64(found.Layers))))
}

// plausible is a fact of a model, or 0 if no model has it.
func plausible(fact float64) float64 {
	const most = 1e9
	if fact < 0 || fact > most {
		return 0
	}
	return fact
}
