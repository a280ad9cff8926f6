package result

import (
	"maps"
	"slices"
	"strings"
)

// InstalledEnvironment is the Python environment of runs, with all installed packages.
type InstalledEnvironment struct {
	Name      string            `json:"name"`
	Python    string            `json:"python"` // full release, such as "3.11.7"
	SHA256    string            `json:"sha256"` // of Python and Packages
	Packages  []Package         `json:"packages,omitempty"`
	Variables map[string]string `json:"variables,omitempty"` // of every process in it, without secrets
}

// Package is one installed package.
type Package struct {
	Name    string `json:"name"` // normalized (PEP 503)
	Version string `json:"version"`
	Source  string `json:"source,omitempty"` // where it was installed from, if by URL; BuiltFrom a commit
}

// fromCommit begins the source of a package that was built from the measured repository.
const fromCommit = "commit "

// BuiltFrom is the source of a package that was built from a commit of the repository.
func BuiltFrom(commit string) string { return fromCommit + commit }

// Built tells whether the package was built from a commit of the repository.
func (p *Package) Built() bool { return strings.HasPrefix(p.Source, fromCommit) }

// Version is the version of a package; empty if it is not installed.
func (e *InstalledEnvironment) Version(name string) string {
	for _, p := range e.Packages {
		if p.Name == name {
			return p.Version
		}
	}
	return ""
}

// KeepEnvironment adds an environment that is not there yet, and returns its number for
// Run.Environment.
func (c *CellResult) KeepEnvironment(e *InstalledEnvironment) int {
	i := slices.IndexFunc(c.Environments, func(kept InstalledEnvironment) bool {
		return kept.SHA256 == e.SHA256 && kept.Name == e.Name && maps.Equal(kept.Variables, e.Variables)
	})
	if i < 0 {
		i, c.Environments = len(c.Environments), append(c.Environments, *e)
	}
	return i + 1
}
