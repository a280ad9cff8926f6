package segment

import (
	"math"
	"slices"
	"time"
)

// A Span is a time from a begin to an end, on the clock of the moments. Of one that has no
// length, neither is known.
type Span struct{ From, To time.Duration }

// Known tells whether the begin and the end are known.
func (s Span) Known() bool { return s.To > s.From }

// and is the shortest span that has both in it.
func (s Span) and(other Span) Span {
	switch {
	case !s.Known():
		return other
	case !other.Known():
		return s
	}
	return Span{min(s.From, other.From), max(s.To, other.To)}
}

// lineUp takes from spans what lies outside of all, or in another one that began earlier.
// Spans that were computed overlap by a little, since vLLM states quantities in hundredths
// of a second or whole seconds, and so are its stamps. A span of which less than half is
// left contradicts the others, and is not known.
func lineUp(spans []*Span, all Span) {
	slices.SortStableFunc(spans, func(a, b *Span) int { return int(a.From - b.From) })
	for _, s := range spans {
		left := Span{max(s.From, all.From), min(s.To, all.To)}
		if 2*(left.To-left.From) < s.To-s.From {
			left = Span{}
		}
		if *s = left; left.Known() {
			all.From = left.To
		}
	}
}

// spansOf are the known spans of parts.
func spansOf(parts []Part) (spans []*Span) {
	for i := range parts {
		if parts[i].At.Known() {
			spans = append(spans, &parts[i].At)
		}
	}
	return spans
}

// Around makes the segments of one process that works for an engine: each is the shortest
// span with the parts whose begin and end are known, and with what the process stated as a
// whole. Without either, a segment is left out, as all other parts are.
func Around(wholes [Count]Span, known []Known) (all Segments) {
	var parts [Count][]Part
	for _, k := range known {
		if k.At.Known() {
			wholes[k.Of] = wholes[k.Of].and(k.At)
			parts[k.Of] = append(parts[k.Of], k.Part)
		}
	}
	var spans []*Span
	for of := WorkerSetup; of <= CaptureWarmup; of++ {
		spans = append(spans, &wholes[of])
	}
	lineUp(spans, Span{To: math.MaxInt64})
	for of := WorkerSetup; of <= CaptureWarmup; of++ {
		if at := wholes[of]; at.Known() {
			lineUp(spansOf(parts[of]), at)
			s := Segment{Name: names[of], Begin: at.From, Time: at.To - at.From, Parts: parts[of]}
			s.of[of] = true
			all = append(all, s)
		}
	}
	return all
}
