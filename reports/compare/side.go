package compare

import (
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
)

// Side is where one side's numbers come from.
type Side struct {
	Name         string    `json:"name"` // as the caller calls it
	Engine       string    `json:"engine"`
	Environments []string  `json:"environments,omitempty"` // names of what was asked for, and of what was measured in
	Session      string    `json:"session"`
	Date         time.Time `json:"date,omitzero"`      // that the session began; absent for logs that were found
	Stamped      string    `json:"stamped,omitempty"`  // when logs were written that were found, as far as they tell
	Finished     time.Time `json:"finished,omitzero"`  // of the last cell that is compared; absent where the engine replays
	Releases     []string  `json:"releases,omitempty"` // of the engine, as the logs of what is compared tell
}

func newSide(name string, r *result.Results) Side {
	s := Side{Name: name, Engine: r.Plan.Engine, Session: r.Plan.Session, Date: r.Plan.Date, Stamped: r.Stamped}
	if asked := r.Plan.Environment; asked != "" {
		s.Environments = []string{asked}
	}
	return s
}

// add takes in what runs that are compared tell of the side.
func (s *Side) add(r *runs) {
	s.Releases = union(s.Releases, r.releases())
	for _, e := range r.environments() {
		s.Environments = union(s.Environments, []string{e.Name})
	}
	if r.cell.Finished.After(s.Finished) {
		s.Finished = r.cell.Finished
	}
}

// union is all that is in one of the two, sorted.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// inTurns tells that the sides were measured at one time, each beginning before
// the other had finished: on one machine, that is in turns.
func inTurns(a, b *Side) bool {
	if a.Finished.IsZero() || b.Finished.IsZero() { // of which nobody knows when
		return false
	}
	return !a.Date.After(b.Finished) && !b.Date.After(a.Finished) // times are to the second
}

// String is the side in a line, without its name.
func (s *Side) String() string {
	origin := result.Origin{Engine: s.Engine, Session: s.Session}
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

// Fact is something that A and B were measured in, which is not the same. It may
// be the very thing that is compared.
type Fact struct {
	What string `json:"what"`
	Of   string `json:"of,omitempty"` // what it is true of, such as a node; empty: all that is compared
	A    string `json:"a"`
	B    string `json:"b"`
}

// String is the fact in words: "driver of n1: 570.124.06 → 580.82.07".
func (f Fact) String() string {
	what := f.What
	if f.Of != "" {
		what += " of " + f.Of
	}
	return what + ": " + orUnknown(f.A) + " → " + orUnknown(f.B)
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

// differ takes in what the sides differ in as a whole, and then what their pairs
// do.
func (c *Comparison) differ(ofPairs []Fact) {
	facts := appendFact(nil, "engine", c.A.Engine, c.B.Engine)
	facts = appendFact(facts, "release", strings.Join(c.A.Releases, ", "), strings.Join(c.B.Releases, ", "))
	facts = appendFact(facts, "environment", strings.Join(c.A.Environments, ", "), strings.Join(c.B.Environments, ", "))
	c.Differs = appendNew(appendNew(c.Differs, facts...), ofPairs...)
}
