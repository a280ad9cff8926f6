package compare

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// environmentsOf are the Python environments that a cell's runs were measured in;
// none where results do not say, as the paper's do not.
func environmentsOf(cell *result.CellResult) []result.InstalledEnvironment { return cell.Environments }

// environmentFacts are what differs between two environments: their names, their
// variables, and what is installed.
func environmentFacts(a, b *result.InstalledEnvironment) (facts []Fact) {
	facts = appendFact(facts, "environment", a.Name, b.Name)
	for _, name := range variableNames(a, b) {
		facts = appendFact(facts, name, variableText(a, name), variableText(b, name))
	}
	if a.SHA256 != "" && a.SHA256 == b.SHA256 {
		return facts
	}
	facts = appendFact(facts, "Python", a.Python, b.Python)
	for _, name := range packageNames(a, b) {
		facts = appendFact(facts, name, packageText(a, name), packageText(b, name))
	}
	return facts
}

// variableNames are the variables of either, in order.
func variableNames(environments ...*result.InstalledEnvironment) (names []string) {
	for _, e := range environments {
		names = slices.AppendSeq(names, maps.Keys(e.Variables))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func variableText(e *result.InstalledEnvironment, name string) string {
	if value, set := e.Variables[name]; set {
		return strconv.Quote(value)
	}
	return "unset"
}

// packageNames are the packages of either, in order.
func packageNames(environments ...*result.InstalledEnvironment) (names []string) {
	for _, e := range environments {
		for _, p := range e.Packages {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// packageText is a package's version, with where it came from if that was by URL.
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

// mixed says why a cell's runs are not of one environment; empty where they are.
// A set that measures releases has one for each, and is none of the mixed.
func mixed(set *result.Set, cell *result.CellResult) string {
	all := environmentsOf(cell)
	if set.Releases || len(all) < 2 {
		return ""
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name)
	}
	return fmt.Sprintf("its runs were measured in %d environments (%s), which must not mix", len(all), strings.Join(names, ", "))
}
