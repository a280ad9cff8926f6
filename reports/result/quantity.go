package result

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/segment"
)

// A Quantity is the name of a time of a run that is compared or drawn: one of the paper's
// phases, a segment, or the time to ready. An empty one is none.
type Quantity string

// OfPhase is the quantity of one of the paper's phases.
func OfPhase(p phase.Phase) Quantity { return Quantity(p.String()) }

// segmentPrefix tells a segment from the phase of the same name, as model_loading is.
const segmentPrefix = "segment."

// ParseQuantity finds a quantity by its name. A name that a phase and a segment have is the
// phase's; the segment is "segment." with the name.
func ParseQuantity(name string) (Quantity, error) {
	p, err := phase.Parse(name)
	if err == nil {
		return OfPhase(p), nil
	}
	if bare := strings.TrimPrefix(name, segmentPrefix); slices.Contains(segmentNames(), bare) {
		return ofSegment(bare), nil
	}
	return "", fmt.Errorf("%w; the segments are %s", err, strings.Join(segmentQuantities(), ", "))
}

func ofSegment(name string) Quantity {
	if _, err := phase.Parse(name); err == nil {
		name = segmentPrefix + name
	}
	return Quantity(name)
}

// ParseQuantities finds quantities of one kind, phases or segments, which cover the same time
// in different ways.
func ParseQuantities(names []string) (all []Quantity, err error) {
	for _, name := range names {
		q, err := ParseQuantity(name)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && q.IsSegment() != all[0].IsSegment() {
			return nil, fmt.Errorf("%v and %v are of two kinds, the paper's phases and segments: name some of one kind",
				all[0], q)
		}
		all = append(all, q)
	}
	return all, nil
}

func segmentNames() []string { return append(segment.Names(), segment.TimeToReady) }

// segmentQuantities are the names of all segments, such that ParseQuantity finds them.
func segmentQuantities() (names []string) {
	for _, name := range segmentNames() {
		names = append(names, string(ofSegment(name)))
	}
	return names
}

// QuantityNames are the names of all quantities, the phases first.
func QuantityNames() (names []string) {
	for p := range phase.All() {
		names = append(names, p.String())
	}
	return append(names, segmentQuantities()...)
}

// Name is the name among those of its kind.
func (q Quantity) Name() string { return strings.TrimPrefix(string(q), segmentPrefix) }

// IsSegment tells whether it is a segment, or the time to ready.
func (q Quantity) IsSegment() bool { return q != "" && q.Phase() == phase.None }

// Phase is the paper's phase, or phase.None of a segment.
func (q Quantity) Phase() phase.Phase {
	p, err := phase.Parse(string(q))
	if err != nil {
		return phase.None
	}
	return p
}

// Of is the quantity of a run in seconds. A segment that is one with another one in the run is
// not known.
func (q Quantity) Of(run *Run) (seconds float64, known bool) {
	switch {
	case !q.IsSegment():
		return run.Seconds.Get(q.Phase())
	case q == segment.TimeToReady:
		return run.TimeToReady, len(run.Segments) > 0
	}
	for i := range run.Segments {
		if t := &run.Segments[i]; t.Name() == q.Name() {
			return t.Seconds(), true
		}
	}
	return 0, false
}

// UnmarshalText reads the name.
func (q *Quantity) UnmarshalText(text []byte) (err error) {
	*q, err = ParseQuantity(string(text))
	return err
}
