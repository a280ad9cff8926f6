package compare

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// environmentFacts are the differences between two environments: names, variables and
// packages.
func environmentFacts(a, b *result.InstalledEnvironment) (facts []Fact) {
	facts = appendFact(facts, "environment", a.Name, b.Name)
	for _, name := range variableNames(a.Variables, b.Variables) {
		facts = appendFact(facts, name, variableText(a.Variables, name), variableText(b.Variables, name))
	}
	if a.SHA256 != "" && a.SHA256 == b.SHA256 {
		return facts
	}
	facts = appendFact(facts, "Python", a.Python, b.Python)
	for _, name := range packageNames(a.Packages, b.Packages) {
		facts = appendFact(facts, name, packageText(a, name), packageText(b, name))
	}
	return facts
}

// variableNames are the names in either, sorted.
func variableNames(a, b map[string]string) []string {
	return union(slices.Collect(maps.Keys(a)), slices.Collect(maps.Keys(b)))
}

// variableText is a variable's value in quotes, or "not set".
func variableText(variables map[string]string, name string) string {
	if value, set := variables[name]; set {
		return strconv.Quote(value)
	}
	return "not set"
}

// packageNames are the names in either, sorted.
func packageNames(a, b []result.Package) []string {
	names := func(packages []result.Package) (all []string) {
		for _, p := range packages {
			all = append(all, p.Name)
		}
		return all
	}
	return union(names(a), names(b))
}

// packageText is a package's version, with its URL if it was installed from one.
func packageText(e *result.InstalledEnvironment, name string) string {
	i := slices.IndexFunc(e.Packages, func(p result.Package) bool { return p.Name == name })
	switch {
	case i < 0:
		return "none"
	case e.Packages[i].Source != "":
		return e.Packages[i].Version + " from " + e.Packages[i].Source
	}
	return e.Packages[i].Version
}

// environments are those of a configuration's counted runs, or all of the job's if the
// runs do not name theirs.
func (r *runs) environments() (all []result.InstalledEnvironment) {
	var seen []int
	for _, run := range r.counted {
		e := r.cell.EnvironmentOf(run)
		if e == nil {
			return r.cell.Environments
		}
		if !slices.Contains(seen, run.Environment) {
			seen, all = append(seen, run.Environment), append(all, *e)
		}
	}
	return all
}

// mixed says that the runs of a configuration come from several environments; empty if
// they do not. A set that measures releases has one environment per release.
func mixed(set *result.Set, r *runs) string {
	all := r.environments()
	if set.Releases || len(all) < 2 {
		return ""
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name)
	}
	return fmt.Sprintf("its runs come from %d environments (%s), which cannot be averaged",
		len(all), strings.Join(names, ", "))
}
