package result

import "maps"

// InstalledEnvironment is a Python environment that runs were measured in, with
// all that was installed in it.
type InstalledEnvironment struct {
	Name      string            `json:"name"`
	Python    string            `json:"python"` // full release, such as "3.11.7"
	SHA256    string            `json:"sha256"` // of Python and Packages: equal where those are
	Packages  []Package         `json:"packages,omitempty"`
	Variables map[string]string `json:"variables,omitempty"` // of every process in it, without secrets
}

// Package is one installed package.
type Package struct {
	Name    string `json:"name"` // normalized (PEP 503)
	Version string `json:"version"`
	Source  string `json:"source,omitempty"` // where it was installed from, if by URL
}

// Version is that of an installed package; empty where it is not installed.
func (e *InstalledEnvironment) Version(name string) string {
	for _, p := range e.Packages {
		if p.Name == name {
			return p.Version
		}
	}
	return ""
}

// KeepEnvironment takes in an environment that is not there yet.
func (c *CellResult) KeepEnvironment(e *InstalledEnvironment) {
	for i := range c.Environments {
		if kept := &c.Environments[i]; kept.SHA256 == e.SHA256 && kept.Name == e.Name && maps.Equal(kept.Variables, e.Variables) {
			return
		}
	}
	c.Environments = append(c.Environments, *e)
}
