package environment

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// drift is a fault for each difference between what is there and the record.
func (r *Record) drift(have *inventory) (faults []string) {
	if have.python != r.Python {
		faults = append(faults, fmt.Sprintf("Python is %s, not %s", have.python, r.Python))
	}
	made, present := byName(r.Packages), byName(have.packages)
	for _, name := range slices.Sorted(maps.Keys(made)) {
		switch was, is := made[name], present[name]; {
		case is == "":
			faults = append(faults, fmt.Sprintf("%s %s is gone", name, was))
		case is != was:
			faults = append(faults, fmt.Sprintf("%s is %s, not %s", name, is, was))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(present)) {
		if made[name] == "" {
			faults = append(faults, fmt.Sprintf("%s %s was added", name, present[name]))
		}
	}
	return faults
}

// byName is the versions of packages, with their sources. A package that is there twice, as
// a killed pip leaves it, has both.
func byName(packages []result.Package) map[string]string {
	versions := map[string]string{}
	for _, p := range packages {
		version := strings.TrimSpace(p.Version + " " + p.Source)
		if versions[p.Name] != "" {
			version = versions[p.Name] + " and " + version
		}
		versions[p.Name] = version
	}
	return versions
}

// undeclared is a fault for each difference between what is there and what was declared.
func (e Environment) undeclared(have *inventory) (faults []string) {
	if e.Interpreter == "" && !strings.HasPrefix(have.python+".", e.Python+".") {
		faults = append(faults, fmt.Sprintf("Python is %s, not %s", have.python, e.Python))
	}
	if e.Source != "" && len(e.builtNames(have)) == 0 {
		faults = append(faults, "no package was built from source "+e.Source)
	}
	overridden := map[string]bool{}
	for _, text := range e.Overrides { // of packages that may not be needed
		if r, err := ParseRequirement(text); err == nil {
			overridden[r.Name] = true
			if version(have.packages, r.Name) != "" {
				faults = append(faults, r.fault(have)...)
			}
		}
	}
	for _, text := range slices.Concat(e.Packages, e.NoDeps) {
		if r, err := ParseRequirement(text); err == nil && !overridden[r.Name] {
			faults = append(faults, r.fault(have)...)
		}
	}
	return faults
}

// fault says how the installed package differs from a requirement. Whether one with a
// marker applies is only for Python to tell.
func (r Requirement) fault(have *inventory) []string {
	switch is := version(have.packages, r.Name); {
	case r.Marker != "":
		return nil
	case is == "":
		return []string{r.Name + " is missing"}
	case r.Version != "" && !sameVersion(r.Version, is):
		return []string{fmt.Sprintf("%s is %s, not %s", r.Name, is, r.Version)}
	}
	return nil
}
