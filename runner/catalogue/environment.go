package catalogue

import (
	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// Environment names the Python environment that a configuration is measured in:
// that of its release of vLLM, where the set has several, else the paper's.
func Environment(c result.Configuration) string {
	if c.Release != "" {
		return environment.OfRelease(c.Release)
	}
	return environment.Default
}
