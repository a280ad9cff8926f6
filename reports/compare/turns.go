package compare

import (
	"fmt"
	"math"
	"slices"
	"time"

	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/table"
)

// overlap reports that each of two sessions began before the other finished. On one
// machine, that means that they were measured in turns.
func overlap(beginA, endA, beginB, endB time.Time) bool {
	if endA.IsZero() || endB.IsZero() { // unknown
		return false
	}
	return !beginA.After(endB) && !beginB.After(endA) // times are to the second
}

// inTurns reports that the two sides were measured in turns.
func (p *pair) inTurns() bool {
	a, b := &p.siteA.results.Plan, &p.siteB.results.Plan
	return a.Session != b.Session && overlap(a.Date, p.a.cell.Finished, b.Date, p.b.cell.Finished)
}

// pairTurns keeps the runs of the turns in which both sides have one, if the sides were
// measured in turns. The runs of a turn then have the same number.
func (p *pair) pairTurns(c *Configuration) {
	if !p.inTurns() {
		return
	}
	a, b := inBoth(p.a.counted, p.b.counted), inBoth(p.b.counted, p.a.counted)
	if len(a) == 0 {
		return
	}
	if alone := len(p.a.counted) + len(p.b.counted) - len(a) - len(b); alone > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("%s left out, whose turn has none of the other side",
			table.Count(alone, "run")))
	}
	p.a.counted, p.b.counted = a, b
	p.turns = max(len(a), p.siteA.turns(), p.siteB.turns())
}

// turns is the largest number of turns that the side's plan allows.
func (s *site) turns() int { return s.set.CountedIterations(s.results.Plan.MostIterations()) }

// inBoth are the runs whose iteration others have too, in order.
func inBoth(runs, others []*result.Run) (kept []*result.Run) {
	for _, run := range runs {
		if slices.ContainsFunc(others, func(other *result.Run) bool { return other.Iteration == run.Iteration }) {
			kept = append(kept, run)
		}
	}
	slices.SortStableFunc(kept, func(a, b *result.Run) int { return a.Iteration - b.Iteration })
	return kept
}

// turnValues are the values in the turns in which both sides have the quantity.
func (p *pair) turnValues(q quantity) (a, b []float64) {
	for i := range p.a.counted {
		x, hasA := q.of(p.a.counted[i])
		y, hasB := q.of(p.b.counted[i])
		if hasA && hasB {
			a, b = append(a, x), append(b, y)
		}
	}
	return a, b
}

// newTurnsPhase compares a phase of two sides that were measured in turns, by the
// differences between the sides in each turn. most is the largest number of turns.
func newTurnsPhase(name string, a, b []float64, most int) Phase {
	p := Phase{Phase: name, A: estimate(a), B: estimate(b), Turns: len(a), looks: looks{max(most, len(a))}, once: 1}
	p.Difference = meanDifference(&p.A, &p.B)
	if p.Turns < 2 {
		return p
	}
	p.spread = turnSpread(a, b)
	stdErr := p.spread / math.Sqrt(float64(p.Turns))
	p.Difference.around(p.looks.reach(p.Turns) * stdErr)
	if p.Turns >= leastRuns {
		p.once = pairedTest(p.Difference.Seconds/stdErr, p.Turns)
		value := p.looks.adjust(p.once)
		p.P = &value
	}
	return p
}

// turnSpread is the sample standard deviation of the differences in each turn. It is at
// least that of their rounding errors: values that were rounded to a step q have the
// variance q²/12 from it. A few differences that are equal only because of rounding must not
// look certain.
func turnSpread(a, b []float64) float64 {
	differences := make([]float64, len(a))
	for i := range a {
		differences[i] = b[i] - a[i]
	}
	spread := stat.Summarize(differences).StdErr * math.Sqrt(float64(len(a)))
	return max(spread, rounding(a, b)/math.Sqrt(6))
}

// rounding is the step, in seconds, that all values are rounded to: logs state whole
// seconds, tenths or hundredths, and stamps have thousandths.
func rounding(values ...[]float64) float64 {
	all := slices.Concat(values...)
	for _, step := range []float64{1, 0.1, 0.01, 0.001} {
		if !slices.ContainsFunc(all, func(v float64) bool { return math.Abs(v/step-math.Round(v/step)) > 1e-6 }) {
			return step
		}
	}
	return 1e-6 // of times that were computed
}
