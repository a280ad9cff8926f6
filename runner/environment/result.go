package environment

import "coldstart/reports/result"

// Result is the environment as results keep it.
func (r *Record) Result() *result.InstalledEnvironment {
	e := &result.InstalledEnvironment{Name: r.Environment.Name, Python: r.Python, SHA256: r.SHA256}
	for _, p := range r.Packages {
		e.Packages = append(e.Packages, result.Package(p))
	}
	return e
}
