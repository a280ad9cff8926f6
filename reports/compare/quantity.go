package compare

import (
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
)

// A quantity is what is compared of runs, in seconds.
type quantity struct {
	name string
	of   func(*result.Run) (seconds float64, known bool)
}

// values are those of the counted runs that have the quantity.
func (r *runs) values(q quantity) (values []float64) {
	for _, run := range r.counted {
		if seconds, known := q.of(run); known {
			values = append(values, seconds)
		}
	}
	return values
}

// paperPhases are the phases as the paper defines them.
func paperPhases() (all []quantity) {
	for p := range phase.All() {
		all = append(all, quantity{p.String(), func(run *result.Run) (float64, bool) { return run.Seconds.Get(p) }})
	}
	return all
}

// segments are those that all counted runs of both sides have, with the time to ready
// behind those up to it; none if a run has no segments. lacking are the names of segments
// that not all runs have: the time to ready is without them.
func (p *pair) segments() (all []quantity, lacking []string) {
	counted := p.counted()
	var kept []segment.Times
	for _, run := range counted {
		if len(run.Segments) == 0 {
			return nil, nil
		}
		kept = append(kept, run.Segments)
	}
	shared, lacking := segment.Shared(kept, p.unlike()...)
	of := map[*result.Run]map[string]float64{}
	var names [segment.FirstToken + 1]string // of the segments, by the first that each covers
	for i, run := range counted {
		of[run] = map[string]float64{segment.TimeToReady: shared[i].ToReady()}
		for _, t := range shared[i] {
			of[run][t.Name()], names[t.First] = t.Seconds(), t.Name()
		}
	}
	if names == ([segment.FirstToken + 1]string{}) {
		return nil, nil
	}
	for _, name := range slices.Insert(names[:], segment.FirstToken, segment.TimeToReady) {
		if name != "" {
			all = append(all, quantity{name, func(run *result.Run) (float64, bool) {
				seconds, known := of[run][name]
				return seconds, known
			}})
		}
	}
	return all, lacking
}
