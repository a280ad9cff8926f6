// Package rank says how far apart the ranks of start-ups were, the processes of several GPUs
// that load, compile and capture side by side, and which rank is a straggler.
package rank

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
)

// A straggler is the slowest rank of every start-up, of leastStarts or more, each time by at
// least leastApart of the part's time.
const (
	leastStarts = 3
	leastApart  = 0.05
)

// Starts are start-ups of one configuration.
type Starts struct {
	ranks int  // the most of a start-up; 0 or 1: there are no others
	kept  bool // by a coldstart that may be too old to have kept the times of ranks
	parts []part
}

// part is a part of the start-ups that told it of several ranks.
type part struct {
	name   string
	starts []phase.RankPart
}

// OfLogs are the start-ups of logs.
func OfLogs(logs ...phase.Log) *Starts {
	s := new(Starts)
	for i := range logs {
		s.add(logs[i].RankParts, &logs[i].Setup)
	}
	return s
}

// OfRuns are runs of a configuration in a cell.
func OfRuns(cell *result.CellResult, runs []*result.Run) *Starts {
	s := &Starts{kept: true}
	for _, run := range runs {
		s.add(run.Ranks, cell.SetupOf(run))
	}
	return s
}

func (s *Starts) add(parts []phase.RankPart, setup *phase.Setup) {
	if setup != nil {
		s.ranks = max(s.ranks, setup.Ranks())
	}
	for _, p := range parts {
		s.ranks = max(s.ranks, len(p.Seconds))
		s.part(p.Part).add(p)
	}
}

func (p *part) add(start phase.RankPart) { p.starts = append(p.starts, start) }

// part finds a part, or adds it.
func (s *Starts) part(name string) *part {
	for i := range s.parts {
		if s.parts[i].name == name {
			return &s.parts[i]
		}
	}
	s.parts = append(s.parts, part{name: name})
	return &s.parts[len(s.parts)-1]
}

// Words say how far apart the ranks were, and name stragglers. They are empty for start-ups
// of one rank.
func (s *Starts) Words() (words []string) {
	if s.ranks < 2 || s.kept && len(s.parts) == 0 {
		return nil
	}
	words = append(words, fmt.Sprintf("%d ranks; the slowest decides", s.ranks))
	for i := range s.parts {
		p := &s.parts[i]
		words = append(words, p.spread())
		if rank := p.straggler(); rank != "" {
			words = append(words, fmt.Sprintf("%s: %s is a straggler, the slowest rank in all %d start-ups",
				p.name, rank, len(p.starts)))
		}
	}
	if !slices.ContainsFunc(s.parts, func(p part) bool { return p.name == phase.RanksLoad }) {
		words = append(words, phase.RanksLoad+": the log has the time of one rank at most, so a straggler cannot be seen; "+
			"with VLLM_LOGGING_LEVEL=DEBUG vLLM prints lines of every rank")
	}
	return words
}

// A Change is another straggler in a part; A and B are "none" without one.
type Change struct{ Part, A, B string }

// Changes are the stragglers of start-ups A or B that are slow by enough in none of the other
// ones, by part. Of too few start-ups nothing is known.
func Changes(a, b *Starts) (changes []Change) {
	for i := range a.parts {
		of := &a.parts[i]
		j := slices.IndexFunc(b.parts, func(p part) bool { return p.name == of.name })
		if j < 0 || min(len(of.starts), len(b.parts[j].starts)) < leastStarts {
			continue
		}
		one, other := of.straggler(), b.parts[j].straggler()
		if one != other && !b.parts[j].has(one) && !of.has(other) {
			changes = append(changes, Change{of.name, cmp.Or(one, "none"), cmp.Or(other, "none")})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Part, b.Part) })
	return changes
}

// spread says how far apart the ranks were in a part, and names the slowest rank if it was
// the same in all start-ups.
func (p *part) spread() string {
	var took, apart []float64
	slowest, same := "", true
	for i := range p.starts {
		rank, seconds, behind := p.starts[i].Slowest()
		took, apart = append(took, seconds), append(apart, behind)
		same = same && (i == 0 || rank == slowest)
		slowest = rank
	}
	if !same {
		slowest = "now one, now another"
	}
	words := fmt.Sprintf("%.2f s after the fastest, of %.2f s", stat.Summarize(apart).Mean, stat.Summarize(took).Mean)
	if len(p.starts) > 1 {
		words += " on average"
	}
	return fmt.Sprintf("%s: slowest %s, %s", p.name, slowest, words)
}

// straggler is the rank that was the slowest in every start-up, by enough; empty if none was.
func (p *part) straggler() (rank string) {
	for i := range p.starts {
		slowest := behind(&p.starts[i])
		if slowest == "" || i > 0 && slowest != rank {
			return ""
		}
		rank = slowest
	}
	if len(p.starts) < leastStarts {
		return ""
	}
	return rank
}

// has tells whether a rank, if it is named, was behind in any start-up.
func (p *part) has(rank string) bool {
	return rank != "" && slices.ContainsFunc(p.starts, func(r phase.RankPart) bool { return behind(&r) == rank })
}

// behind is the slowest rank of a start-up, if it is slow by enough.
func behind(p *phase.RankPart) string {
	rank, seconds, apart := p.Slowest()
	if apart < stat.Telling || apart < leastApart*seconds {
		return ""
	}
	return rank
}
