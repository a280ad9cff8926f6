package compare

import (
	"slices"

	"coldstart/reports/result"
	"coldstart/reports/segment"
)

// beginOf is what the log of a run begins with; empty if that is not known.
func beginOf(run *result.Run) string {
	if !tells(run, segment.FrontEnd) {
		return ""
	}
	return run.Parts.Begin()
}

// tells tells whether a run has a segment, alone or with others.
func tells(run *result.Run, of int) bool {
	return slices.ContainsFunc(run.Segments, func(t segment.Time) bool { return t.First <= of && of <= t.Last })
}

// beginnings are what the logs of the counted runs begin with, each once.
func (r *runs) beginnings() (all []string) {
	for _, run := range r.counted {
		if begin := beginOf(run); begin != "" {
			all = union(all, []string{begin})
		}
	}
	return all
}

func (p *pair) beginnings() []string { return union(p.a.beginnings(), p.b.beginnings()) }

// counted are the counted runs of both sides.
func (p *pair) counted() []*result.Run { return slices.Concat(p.a.counted, p.b.counted) }

// unlike are the segments that do not begin at the same moment in all runs, since the logs begin
// with different lines. Without debug lines, one rank states for all that the model is loaded,
// and the log of an engine alone has no serving_setup.
func (p *pair) unlike() (segments []int) {
	if len(p.beginnings()) < 2 {
		return nil
	}
	segments = append(segments, segment.FrontEnd)
	for _, setup := range append(p.a.setups(), p.b.setups()...) {
		if setup.Ranks() > 1 && !slices.Contains(segments, segment.ProfileCompile) {
			segments = append(segments, segment.ProfileCompile)
		}
	}
	served := 0
	for _, run := range p.counted() {
		if tells(run, segment.ServingSetup) {
			served++
		}
	}
	if 0 < served && served < len(p.counted()) {
		segments = append(segments, segment.FirstToken)
	}
	return segments
}
