package catalogue

import (
	"cmp"

	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// Environment names the Python environment that a configuration is measured in:
// that of its release of vLLM, where the set has several, or its own, or the paper's.
func Environment(c result.Configuration) string {
	if c.Release != "" {
		return environment.OfRelease(c.Release)
	}
	return cmp.Or(c.Environment, environment.Default)
}
