package phase

import (
	"math"
	"slices"
)

// A Rank is one process of several that load, compile and capture side by side.
type Rank struct {
	Name    string `json:"rank"`
	Seconds Times  `json:"seconds"` // as it stated them
}

// Slowest names the rank that took longest in each part of a start-up that ranks do side
// by side; empty if none states it.
type Slowest struct {
	Loading   string `json:"loading,omitempty"`
	Compiling string `json:"compiling,omitempty"`
	Capturing string `json:"capturing,omitempty"`
}

// rankGroups are the parts of a start-up that ranks do side by side.
var rankGroups = []group{loads, compiles, captures}

// ranks sets the ranks, if several state a phase.
func (s *settling) ranks(slowest [groups]*process, applies func(int) bool) {
	var ranks []Rank
	var stated [count]int
	several := false
	for _, p := range s.processes {
		times := p.times(applies)
		if times.known == 0 {
			continue
		}
		for phase := range stated {
			if times.Has(Phase(phase)) {
				stated[phase]++
				several = several || stated[phase] > 1
			}
		}
		ranks = append(ranks, Rank{p.label(), times})
	}
	if !several {
		return
	}
	s.log.Ranks, s.log.Apart = ranks, apart(ranks)
	for g, name := range map[group]*string{
		loads: &s.log.Slowest.Loading, compiles: &s.log.Slowest.Compiling, captures: &s.log.Slowest.Capturing,
	} {
		if p := slowest[g]; p != nil {
			*name = p.label()
		}
	}
}

// apart is by how much the slowest rank of each phase took longer than the fastest.
func apart(ranks []Rank) (t Times) {
	for phase := range All() {
		least, most, n := 0.0, 0.0, 0
		for i := range ranks {
			if seconds, ok := ranks[i].Seconds.Get(phase); ok {
				if n == 0 {
					least, most = seconds, seconds
				}
				least, most, n = min(least, seconds), max(most, seconds), n+1
			}
		}
		if n > 1 {
			t.Set(phase, math.Round((most-least)*1e6)/1e6)
		}
	}
	return t
}

// times are the phases that a process stated of what the ranks do side by side.
func (p *process) times(applies func(int) bool) (t Times) {
	for i := range p.readings {
		r := &p.readings[i]
		if m := &messages[r.row]; m.tells == aPhase && slices.Contains(rankGroups, groupOf[r.row]) && applies(r.row) {
			t.Set(m.phase, r.seconds)
		}
	}
	return t
}

// label is the process's name in the log.
func (p *process) label() string {
	switch {
	case p.key == "":
		return "the process without a name"
	case p.name == "", p.name == p.key:
		return p.key
	}
	return p.name + " " + p.key
}
