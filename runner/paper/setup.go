package paper

import (
	"cmp"
	_ "embed" // the data file
	"maps"
	"slices"

	"coldstart/reports/phase"
)

// setups.json says how the engine of every recorded run was set up, as its log tells:
// the base, and what differs from it where a run is of a set, node, model or arguments.
// Later entries win.
//
//go:embed setups.json
var setupsJSON []byte

type setups struct {
	Base  phase.Setup `json:"base"`
	Where []exception `json:"where"`
}

// exception is what differs in the runs that it is of. An empty part fits every run.
type exception struct {
	Set       string   `json:"set"`
	Node      string   `json:"node"`
	Models    []string `json:"models"`
	Arguments string   `json:"arguments"`
	phase.Setup
}

func (e *exception) fits(m *Measurement) bool {
	return (e.Set == "" || e.Set == m.Set) && (e.Node == "" || e.Node == m.Node) &&
		(e.Arguments == "" || e.Arguments == m.Args) && (len(e.Models) == 0 || slices.Contains(e.Models, m.Model))
}

// of is how the engine of a recorded run was set up. Its configuration line names the
// model by its directory.
func (s *setups) of(m *Measurement) phase.Setup {
	setup, fields := s.Base, s.Base.Config.Fields()
	for i := range s.Where {
		e := &s.Where[i]
		if !e.fits(m) {
			continue
		}
		maps.Copy(fields, e.Config.Fields())
		setup.Attention = cmp.Or(e.Attention, setup.Attention)
		setup.Sampler = cmp.Or(e.Sampler, setup.Sampler)
	}
	fields["model"] = "'models/" + m.Model + "'"
	setup.Config = phase.NewConfig(fields)
	return setup
}
