package phase

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// A Rank is one process of several that load, compile and capture side by side.
type Rank struct {
	Name    string `json:"rank"`
	Seconds Times  `json:"seconds"` // as it stated them
}

// Slowest names the rank that took longest in each part of a start-up that ranks do side
// by side; empty if none or one alone states it.
type Slowest struct {
	Loading   string `json:"loading,omitempty"`
	Compiling string `json:"compiling,omitempty"`
	Capturing string `json:"capturing,omitempty"`
}

// A RankPart is a part of a start-up that ranks do side by side, with the time of each.
type RankPart struct {
	Part    string             `json:"part"`    // such as RanksLoad
	Seconds map[string]float64 `json:"seconds"` // by rank, such as Worker_TP0
}

// Slowest is the rank that took longest, its time, and by how much the fastest was faster.
func (p *RankPart) Slowest() (rank string, seconds, apart float64) {
	least := math.Inf(1)
	for _, name := range slices.Sorted(maps.Keys(p.Seconds)) {
		took := p.Seconds[name]
		if rank == "" || took > seconds {
			rank, seconds = name, took
		}
		least = min(least, took)
	}
	return rank, seconds, math.Round((seconds-least)*1e6) / 1e6
}

// RanksLoad is the name of the part in which ranks load the model, each its share.
const RanksLoad = "loading"

const (
	ranksStart      = "starting"
	ranksInitialize = "initializing"
	ranksCompile    = "compiling"
	ranksCapture    = "capturing"
)

// UnmarshalJSON reads a part of results, which must have several ranks and possible times.
func (p *RankPart) UnmarshalJSON(data []byte) error {
	type plain RankPart
	if err := json.Unmarshal(data, (*plain)(p)); err != nil {
		return err
	}
	if len(p.Seconds) < 2 {
		return fmt.Errorf("part %q of ranks must have the times of several", p.Part)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Seconds)) {
		if took := p.Seconds[name]; took < 0 || took > largest {
			return fmt.Errorf("rank %s cannot take %g s for %s", name, took, p.Part)
		}
	}
	return nil
}

// rankGroups are the parts of a start-up that ranks do side by side.
var rankGroups = []group{loads, compiles, captures}

// rankParts are the parts of a start-up that ranks do side by side. The time of each rank is
// the first of the phases that several of them state. In later releases, such as 0.20.2, only
// the first rank of a machine states most phases. The span is then taken between lines that
// every rank prints, some at DEBUG, with no step in between for which a rank waits for others;
// only capturing has such steps, so a rank that is slow there delays all.
var rankParts = []struct {
	name   string
	phases []Phase
}{
	{ranksStart, nil},
	{ranksInitialize, nil},
	{RanksLoad, []Phase{ModelLoading, LoadWeights}},
	{ranksCompile, []Phase{TorchCompile, GraphCompileGeneral, GraphCompileCached, DynamoTransform}},
	{ranksCapture, []Phase{GraphCapturing}},
}

// rankSpan is how long a rank took for a part, by lines that it printed. Of some parts the begin
// is the same for all ranks.
func (s *settling) rankSpan(rank *settling, part string) (seconds float64, ok bool) {
	switch part {
	case ranksStart:
		return s.spanOf(s.at[engineBegun], rank.at[ranksSought])
	case ranksInitialize:
		return rank.span(processorsSought, weightsSought)
	case RanksLoad:
		return rank.span(weightsSought, queueJoined)
	case ranksCompile:
		after, ok := rank.spanOf(rank.told[compiledRead].end, rank.told[profiling].end)
		return max(0, rank.told[profiling].seconds-after), ok
	}
	return s.spanOf(s.at[cacheSized], rank.at[graphsRegistered])
}

// tellRanks sets what the log tells of its ranks, if there are several. Those given are settled
// alone.
func (s *settling) tellRanks(slowest [groups]*process, alone []*rank) {
	s.log.RankParts = s.rankParts(alone)
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
	name := func(g group) string {
		if !s.severalIn(g) {
			return ""
		}
		return slowest[g].label()
	}
	s.log.Slowest = Slowest{Loading: name(loads), Compiling: name(compiles), Capturing: name(captures)}
}

// severalIn tells whether several processes state a time of a group.
func (s *settling) severalIn(g group) bool {
	n := 0
	for _, p := range s.processes {
		if slices.ContainsFunc(p.readings, func(r reading) bool {
			return messages[r.row].group == g && messages[r.row].tells == aPhase
		}) {
			n++
		}
	}
	return n > 1
}

// rankParts are the parts for which at least two ranks have a time.
func (s *settling) rankParts(ranks []*rank) (parts []RankPart) {
	if len(ranks) == 0 {
		return nil
	}
	for _, part := range rankParts {
		took := map[string]float64{}
		for _, p := range part.phases {
			if took = tookOf(ranks, func(r *rank) (float64, bool) { return r.times.Get(p) }); len(took) > 1 {
				break
			}
		}
		if len(took) < 2 {
			took = tookOf(ranks, func(r *rank) (float64, bool) { return s.rankSpan(&r.settling, part.name) })
		}
		if len(took) > 1 {
			parts = append(parts, RankPart{part.name, took})
		}
	}
	return parts
}

// A rank is a process with what it alone printed.
type rank struct {
	name  string
	times Times // that it stated
	settling
}

// alone settles each rank by itself; none if there is one alone. A process is named without its
// number where that names no other one, so that it has one name in several start-ups.
func (s *settling) alone() (ranks []*rank) {
	var of []*process
	for _, p := range s.processes {
		if p.isRank() {
			of = append(of, p)
		}
	}
	if len(of) > 1 && !s.severalState() { // in old releases the first rank has no name in the log
		of = slices.DeleteFunc(of, func(p *process) bool { return p.key == "" })
	}
	if len(of) < 2 {
		return nil
	}
	names := map[string]int{}
	for _, p := range of {
		names[p.name]++
	}
	for _, p := range of {
		r := &rank{name: p.name, times: p.times(), settling: s.of(p)}
		if r.name == "" || names[r.name] > 1 {
			r.name = p.label()
		}
		ranks = append(ranks, r)
	}
	return ranks
}

// isRank tells whether a process did something of what ranks do side by side.
func (p *process) isRank() bool {
	did := func(r reading) bool { return slices.Contains(rankGroups, messages[r.row].group) }
	saw := func(w passed) bool {
		at := messages[w.row].at
		return at == ranksSought || at == weightsSought
	}
	return slices.ContainsFunc(p.readings, did) || slices.ContainsFunc(p.when, saw)
}

// tookOf are the times of the ranks for which they are known.
func tookOf(ranks []*rank, of func(*rank) (seconds float64, ok bool)) map[string]float64 {
	took := map[string]float64{}
	for _, r := range ranks {
		if seconds, ok := of(r); ok {
			took[r.name] = seconds
		}
	}
	return took
}

// loadedAll is when the model was loaded on all ranks: on those that do not state it, by the
// line that they print next.
func (s *settling) loadedAll(ranks []*rank) instant {
	at := s.at[modelLoaded]
	if !at.known() {
		return at
	}
	for _, r := range ranks {
		if _, ok := r.span(weightsSought, queueJoined); ok && !r.at[modelLoaded].known() {
			at = s.latest(at, r.at[queueJoined])
		}
	}
	return at
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
		if m := &messages[r.row]; m.tells == aPhase && slices.Contains(rankGroups, m.group) {
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
