package catalogue

import (
	"cmp"
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Lacks says why the counted runs of a configuration cannot have a quantity; empty if they may.
func Lacks(set *result.Set, c *result.Configuration, q result.Quantity) (why string) {
	for i := range absences {
		if a := &absences[i]; a.holds(set, c) && a.concerns(q) {
			return a.why
		}
	}
	return ""
}

// An absence is a setting without which, or with which, quantities are in no log.
type absence struct {
	holds    func(*result.Set, *result.Configuration) bool
	concerns func(result.Quantity) bool
	why      string
}

var absences = []absence{
	{
		holds:    func(s *result.Set, _ *result.Configuration) bool { return s.Releases },
		concerns: func(q result.Quantity) bool { return q != result.OfPhase(phase.InitializeEngine) },
		why:      "it measures old releases, which log only initialize_engine",
	},
	{
		holds:    func(s *result.Set, _ *result.Configuration) bool { return s.Start == result.Serve },
		concerns: oneOf(phase.InitializeEngine),
		why:      "its engine serves, and only the launcher of start: engine prints that phase",
	},
	{
		holds: func(_ *result.Set, c *result.Configuration) bool { return hasArg(c, "enforce-eager") },
		concerns: oneOf(phase.DynamoTransform, phase.GraphCompileGeneral, phase.GraphCompileCached, phase.TorchCompile,
			phase.GraphCapturing),
		why: "with enforce-eager no graph is compiled or captured",
	},
	{
		holds: func(s *result.Set, c *result.Configuration) bool {
			return variable(s, c, "TORCH_COMPILE_DISABLE") == "1"
		},
		concerns: oneOf(phase.DynamoTransform, phase.GraphCompileGeneral, phase.GraphCompileCached,
			phase.TorchCompile),
		why: "with TORCH_COMPILE_DISABLE=1 no graph is compiled",
	},
	{
		holds:    uncached,
		concerns: oneOf(phase.GraphCompileCached),
		why:      "with VLLM_DISABLE_COMPILE_CACHE=1 no compiled graph is loaded",
	},
	{
		holds:    func(s *result.Set, c *result.Configuration) bool { return !uncached(s, c) },
		concerns: oneOf(phase.GraphCompileGeneral),
		why: "its counted runs load the graphs that the warm-up compiled; " +
			"the variable VLLM_DISABLE_COMPILE_CACHE: 1 has them compiled in every run",
	},
}

func uncached(s *result.Set, c *result.Configuration) bool {
	return variable(s, c, "VLLM_DISABLE_COMPILE_CACHE") == "1"
}

func oneOf(phases ...phase.Phase) func(result.Quantity) bool {
	return func(q result.Quantity) bool { return slices.Contains(phases, q.Phase()) }
}

func hasArg(c *result.Configuration, name string) bool {
	for _, arg := range c.Args {
		if arg.Name == name {
			return true
		}
	}
	return false
}

// variable is what an engine finds in its environment, the configuration's before the set's.
func variable(s *result.Set, c *result.Configuration, name string) string {
	return cmp.Or(c.Variables[name], s.Variables[name])
}
