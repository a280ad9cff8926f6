package compare

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Side says where one side's numbers come from.
type Side struct {
	Name         string    `json:"name"` // given by the caller
	Engine       string    `json:"engine"`
	Environments []string  `json:"environments,omitempty"` // names of the requested and of the measured ones
	Served       bool      `json:"served,omitempty"`       // the engine served, as in result.Origin
	Session      string    `json:"session"`
	Date         time.Time `json:"date,omitzero"`      // start of the session; absent for found logs
	Stamped      string    `json:"stamped,omitempty"`  // when found logs were written, if they say so
	Finished     time.Time `json:"finished,omitzero"`  // end of the last compared job; absent for a replay
	Releases     []string  `json:"releases,omitempty"` // of the engine, from the compared logs
}

func newSide(name string, r *result.Results) Side {
	s := Side{
		Name: name, Engine: r.Plan.Engine, Served: r.Plan.Served(), Session: r.Plan.Session, Date: r.Plan.Date,
		Stamped: r.Stamped,
	}
	if asked := r.Plan.Environment; asked != "" {
		s.Environments = []string{asked}
	}
	return s
}

// add adds what compared runs record.
func (s *Side) add(r *runs) {
	s.Releases = union(s.Releases, r.releases())
	slices.SortStableFunc(s.Releases, phase.CompareReleases)
	for _, e := range r.environments() {
		s.Environments = union(s.Environments, []string{e.Name})
	}
	if r.cell.Finished.After(s.Finished) {
		s.Finished = r.cell.Finished
	}
}

// union has the strings that are in either, sorted, each once.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// inTurns reports that two sides were measured in turns.
func inTurns(a, b *Side) bool { return overlap(a.Date, a.Finished, b.Date, b.Finished) }

// String describes the side, without its name.
func (s *Side) String() string {
	origin := result.Origin{Engine: s.Engine, Session: s.Session, Served: s.Served}
	if origin.Found() && origin.Session == filepath.Clean(s.Name) {
		origin.Session = ""
	}
	words := []string{origin.String()}
	if s.Stamped != "" {
		words = append(words, s.Stamped)
	}
	if len(s.Releases) > 0 {
		words = append(words, "vLLM "+strings.Join(s.Releases, ", "))
	}
	if len(s.Environments) > 0 {
		words = append(words, "environment "+strings.Join(s.Environments, ", "))
	}
	if session := origin.InSession(); session != "" {
		words = append(words, session)
	}
	return strings.Join(words, " · ")
}

// Fact is a difference in what A and B were measured in, on purpose or not.
type Fact struct {
	What string `json:"what"`
	Of   string `json:"of,omitempty"` // such as a node; empty: everything
	A    string `json:"a"`
	B    string `json:"b"`
}

// String is the fact in words: "driver of n1: 570.124.06 → 580.82.07". Long lists are counted.
func (f Fact) String() string {
	what := f.What
	if f.Of != "" {
		what += " of " + f.Of
	}
	a, b := brief(f.A), brief(f.B)
	if a == b {
		a, b = f.A, f.B
	}
	return what + ": " + orUnknown(a) + " → " + orUnknown(b)
}

// unknowns is the number of sides that do not state the fact.
func (f Fact) unknowns() (n int) {
	for _, value := range []string{f.A, f.B} {
		if value == "" {
			n++
		}
	}
	return n
}

// fewItems is the greatest number of items of a list that is written out.
const fewItems = 8

// brief is a value, or what a long list has: "51 numbers from 1 to 512" or "17 entries".
func brief(value string) string {
	items, ok := phase.List(value)
	if !ok || len(items) <= fewItems {
		return value
	}
	if numbers, ok := phase.Numbers(items); ok {
		return fmt.Sprintf("%d numbers from %d to %d", len(numbers), slices.Min(numbers), slices.Max(numbers))
	}
	return fmt.Sprintf("%d entries", len(items))
}

func orUnknown(text string) string {
	if text == "" {
		return "unknown"
	}
	return text
}

func appendFact(facts []Fact, what, a, b string) []Fact {
	if a != b {
		facts = append(facts, Fact{What: what, A: a, B: b})
	}
	return facts
}

// appendNew appends the facts that are not there yet.
func appendNew(facts []Fact, more ...Fact) []Fact {
	for _, f := range more {
		if !slices.Contains(facts, f) {
			facts = append(facts, f)
		}
	}
	return facts
}

// differ adds the differences between the sides, then others.
func (c *Comparison) differ(others []Fact) {
	facts := appendFact(nil, "engine", c.A.Engine, c.B.Engine)
	facts = appendFact(facts, "release", strings.Join(c.A.Releases, ", "), strings.Join(c.B.Releases, ", "))
	facts = appendFact(facts, "environment", strings.Join(c.A.Environments, ", "), strings.Join(c.B.Environments, ", "))
	c.Differs = appendNew(appendNew(c.Differs, facts...), others...)
}
