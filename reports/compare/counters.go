package compare

import (
	"fmt"
	"slices"
	"strconv"

	"coldstart/reports/phase"
	"coldstart/reports/rank"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// counterFacts are the differences between what start-ups count, the second witness of a change
// beside its time. A counter that varies from run to run is not one. What is measured, as bytes
// read and the times of ranks are, is one only if the sides are apart.
func (p *pair) counterFacts() (facts []Fact) {
	for _, counter := range []struct {
		name string
		of   func(*result.Run) string // empty: unknown
	}{
		{"weights on the GPU", weights},
		{"processes", processes},
		{"modules imported", counted(func(c phase.Counters) int { return c.Modules })},
		{"compile ranges compiled", ranges(func(c phase.Counters) int { return c.Compiled })},
		{"compile ranges from the cache", ranges(func(c phase.Counters) int { return c.Loaded })},
		{"captures of CUDA graphs", counted(func(c phase.Counters) int { return c.Captured })},
	} {
		a, b := p.a.always(counter.of), p.b.always(counter.of)
		if a != "" && b != "" {
			facts = appendFact(facts, counter.name, a, b)
		}
	}
	facts = append(facts, p.readFacts()...)
	for _, c := range rank.Changes(rank.OfRuns(p.a.cell, p.a.counted), rank.OfRuns(p.b.cell, p.b.counted)) {
		facts = appendFact(facts, "straggler in "+c.Part, c.A, c.B)
	}
	if !p.inTurns() && !p.found() || len(p.beginnings()) > 1 {
		return facts // one side may be of a coldstart that did not look for them, or without debug lines
	}
	for _, name := range union(p.a.findings(), p.b.findings()) {
		of := has(name)
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

// found tells whether this coldstart read the logs of both sides.
func (p *pair) found() bool {
	return p.siteA.results.Plan.Origin().Found() && p.siteB.results.Plan.Origin().Found()
}

// has tells whether a run has a finding.
func has(name string) func(*result.Run) string {
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

// ranges is a counter of compile ranges. A log that tells of one that was compiled or read from
// the cache tells of all.
func ranges(of func(phase.Counters) int) func(*result.Run) string {
	return func(run *result.Run) string {
		if run.Counters.Compiled+run.Counters.Loaded == 0 {
			return ""
		}
		return strconv.Itoa(of(run.Counters))
	}
}

// leastRead is by how much the runs of two sides differ at least in what they read, in GiB.
const leastRead = 0.1

// readFacts is the difference in what the machine read from its drives during the runs, if all
// runs of a side read more than any of the other.
func (p *pair) readFacts() []Fact {
	a, b := p.a.read(), p.b.read()
	if len(a) == 0 || len(b) == 0 || max(slices.Min(b)-slices.Max(a), slices.Min(a)-slices.Max(b)) < leastRead {
		return nil
	}
	return appendFact(nil, "read from the drives", meanGiB(a), meanGiB(b))
}

// read is what the machine read during each counted run, in GiB; empty if a run does not say.
func (r *runs) read() (gib []float64) {
	for _, run := range r.counted {
		if run.Around == nil || run.Around.ReadGiB == nil {
			return nil
		}
		gib = append(gib, *run.Around.ReadGiB)
	}
	return gib
}

func meanGiB(values []float64) string { return fmt.Sprintf("%.1f GiB", stat.Summarize(values).Mean) }
