package compare

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"coldstart/reports/phase"
	"coldstart/reports/rank"
	"coldstart/reports/result"
)

// counterFacts are the differences between what start-ups state exactly, the second witness
// of a change beside its time. A counter that varies from run to run is not one.
func (p *pair) counterFacts() (facts []Fact) {
	for _, counter := range []struct {
		name string
		of   func(*result.Run) string // empty: unknown
	}{
		{"weights on the GPU", weights},
		{"processes", processes},
		{"modules imported", counted(func(c phase.Counters) int { return c.Modules })},
		{"graphs compiled", counted(func(c phase.Counters) int { return c.Compiled })},
		{"graphs from the compile cache", counted(func(c phase.Counters) int { return c.Loaded })},
		{"graphs captured", counted(func(c phase.Counters) int { return c.Captured })},
		{"read from the drives", readGiB},
	} {
		a, b := p.a.always(counter.of), p.b.always(counter.of)
		if a != "" && b != "" {
			facts = appendFact(facts, counter.name, a, b)
		}
	}
	a, b := rank.OfRuns(p.a.cell, p.a.counted).Stragglers(), rank.OfRuns(p.b.cell, p.b.counted).Stragglers()
	for _, part := range slices.Sorted(maps.Keys(a)) {
		if b[part] != "" {
			facts = appendFact(facts, "straggler in "+part, a[part], b[part])
		}
	}
	if !p.inTurns() { // one side may be of a coldstart that did not look for them
		return facts
	}
	for _, name := range union(p.a.findings(), p.b.findings()) {
		of := found(name)
		if a, b := p.a.always(of), p.b.always(of); a != "" && b != "" {
			facts = appendFact(facts, "finding "+name, a, b)
		}
	}
	return facts
}

// always is the value that all counted runs have; empty if they have several.
func (r *runs) always(of func(*result.Run) string) (value string) {
	for i, run := range r.counted {
		if i > 0 && of(run) != value {
			return ""
		}
		value = of(run)
	}
	return value
}

// findings are the names of what any counted run's log tells of.
func (r *runs) findings() (names []string) {
	for _, run := range r.counted {
		for _, f := range run.Findings {
			names = union(names, []string{f.Name})
		}
	}
	return names
}

// found tells whether a run has a finding.
func found(name string) func(*result.Run) string {
	return func(run *result.Run) string {
		for _, f := range run.Findings {
			if f.Name == name {
				return "yes"
			}
		}
		return "no"
	}
}

func weights(run *result.Run) string {
	if run.WeightsGiB == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f GiB", run.WeightsGiB)
}

// processes is the number of those that lived for a second.
func processes(run *result.Run) string {
	if run.Moments == nil || len(run.Moments.Processes) == 0 {
		return ""
	}
	return strconv.Itoa(len(run.Moments.Processes))
}

// counted is a counter of a run's log.
func counted(of func(phase.Counters) int) func(*result.Run) string {
	return func(run *result.Run) string {
		if n := of(run.Counters); n > 0 {
			return strconv.Itoa(n)
		}
		return ""
	}
}

// readGiB is what the machine read from its drives during the run.
func readGiB(run *result.Run) string {
	if run.Around == nil || run.Around.ReadGiB == nil {
		return ""
	}
	return fmt.Sprintf("%.1f GiB", *run.Around.ReadGiB)
}
