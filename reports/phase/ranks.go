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
func (s *settling) ranks(slowest [groups]*process) {
	if !s.severalState() {
		return
	}
	var ranks []Rank
	for _, p := range s.processes {
		if times := p.times(); times.known != 0 {
			ranks = append(ranks, Rank{p.label(), times})
		}
	}
	s.log.Ranks, s.log.Apart = ranks, apart(ranks)
	s.log.Slowest = Slowest{
		Loading: slowest[loads].label(), Compiling: slowest[compiles].label(), Capturing: slowest[captures].label(),
	}
}

// severalState tells whether two processes state the same phase.
func (s *settling) severalState() bool {
	var known uint32 // as in Times
	for _, p := range s.processes {
		times := p.times()
		if known&times.known != 0 {
			return true
		}
		known |= times.known
	}
	return false
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
func (p *process) times() (t Times) {
	for i := range p.readings {
		r := &p.readings[i]
		if m := &messages[r.row]; m.tells == aPhase && slices.Contains(rankGroups, groupOf[r.row]) {
			t.Set(m.phase, r.seconds)
		}
	}
	return t
}

// label is the process's name in the log; empty if there is no process.
func (p *process) label() string {
	switch {
	case p == nil:
		return ""
	case p.key == "":
		return "the process without a name"
	case p.name == "", p.name == p.key:
		return p.key
	}
	return p.name + " " + p.key
}
