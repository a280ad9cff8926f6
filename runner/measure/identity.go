package measure

import (
	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/privacy"
)

// identity is everything that could change a run's result, except its iteration.
type identity struct {
	Session       string               `json:"session"`
	Engine        string               `json:"engine"`
	Node          string               `json:"node"`
	GPU           result.GPUs          `json:"gpu,omitempty"`
	Set           string               `json:"set"`
	Variables     map[string]string    `json:"variables,omitempty"` // of the set
	DropPageCache bool                 `json:"drop_page_cache,omitempty"`
	SampleCPU     bool                 `json:"sample_cpu,omitempty"`
	Start         result.Start         `json:"start,omitempty"`
	Configuration result.Configuration `json:"configuration"`
	Origin        engine.Origin        `json:"origin"`
}

// identityOf is the identity of a run in a session. The environment is reduced to its
// hash, which covers all packages. Secrets change no start-up and are hidden.
func identityOf(session, engineName string, run engine.Run, origin engine.Origin) identity {
	if e := origin.Environment; e != nil {
		origin.Environment = &result.InstalledEnvironment{Name: e.Name, Python: e.Python, SHA256: e.SHA256}
	}
	configuration := *run.Configuration
	configuration.Variables = privacy.Variables(configuration.Variables)
	origin.Variables, origin.Command = privacy.Variables(origin.Variables), privacy.Words(origin.Command)
	return identity{
		Session: session, Engine: engineName, Node: run.Node, GPU: run.GPU,
		Set: run.Set.Name, Variables: privacy.Variables(run.Set.Variables),
		DropPageCache: run.Set.DropPageCache, SampleCPU: run.Set.SampleCPU, Start: run.Set.Start,
		Configuration: configuration, Origin: origin,
	}
}
