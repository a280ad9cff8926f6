package environment

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A driftError says that an environment is not what it was made or found as.
type driftError struct {
	Name, Dir string
	Found     bool     // it was there already, and not made
	Faults    []string // such as "torch is 2.8.0, not 2.7.1"
}

func (e *driftError) Error() string {
	if e.Found {
		return fmt.Sprintf("environment %s is not what it was found as: %s; "+
			"'coldstart setup --environment %s --renew' takes it as it is now",
			e.Name, strings.Join(e.Faults, ", "), e.Name)
	}
	return fmt.Sprintf("environment %s in %s is not what it was made as: %s; "+
		"'coldstart setup --environment %s --renew' makes it anew",
		e.Name, e.Dir, strings.Join(e.Faults, ", "), e.Name)
}

// drift is all in which what is there differs from what was made.
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

// byName is the versions of packages, with their sources. A package that is there
// twice, as pip leaves behind when it is killed, has both.
func byName(packages []Package) map[string]string {
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

// undeclared is all in which what is there differs from what was declared.
func (e Environment) undeclared(have *inventory) (faults []string) {
	if e.Interpreter == "" && !samePython(e.Python, have.python) {
		faults = append(faults, fmt.Sprintf("Python is %s, not %s", have.python, e.Python))
	}
	overridden := map[string]bool{}
	for _, text := range e.Overrides {
		if r, err := ParseRequirement(text); err == nil {
			overridden[r.Name] = true
		}
	}
	for _, text := range slices.Concat(e.Packages, e.NoDeps) {
		if r, err := ParseRequirement(text); err == nil && !overridden[r.Name] {
			faults = append(faults, r.fault(have)...)
		}
	}
	for _, text := range e.Overrides { // of packages that may not be needed at all
		if r, err := ParseRequirement(text); err == nil && have.has(r.Name) {
			faults = append(faults, r.fault(have)...)
		}
	}
	return faults
}

func (i *inventory) has(name string) bool {
	return slices.ContainsFunc(i.packages, func(p Package) bool { return p.Name == name })
}

// fault tells how the installed package differs from a requirement. One with a
// marker may not apply here, which only Python can tell.
func (r Requirement) fault(have *inventory) []string {
	i := slices.IndexFunc(have.packages, func(p Package) bool { return p.Name == r.Name })
	switch {
	case r.Marker != "":
		return nil
	case i < 0:
		return []string{r.Name + " is missing"}
	case r.Version != "" && !sameVersion(r.Version, have.packages[i].Version):
		return []string{fmt.Sprintf("%s is %s, not %s", r.Name, have.packages[i].Version, r.Version)}
	}
	return nil
}
