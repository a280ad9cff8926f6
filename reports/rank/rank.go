// Package rank says how far apart the ranks of start-ups were, the processes of several GPUs
// that load, compile and capture side by side, and which rank is a straggler.
package rank

import (
	"cmp"
	"fmt"

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
	if len(s.part(phase.RanksLoad).starts) == 0 {
		words = append(words, phase.RanksLoad+": the log has the time of one rank at most, so a straggler cannot be seen; "+
			"with VLLM_LOGGING_LEVEL=DEBUG vLLM prints lines of every rank")
	}
	return words
}

// Stragglers are those of each part that is known of enough start-ups, "none" included.
func (s *Starts) Stragglers() map[string]string {
	of := map[string]string{}
	for i := range s.parts {
		if p := &s.parts[i]; len(p.starts) >= leastStarts {
			of[p.name] = cmp.Or(p.straggler(), "none")
		}
	}
	return of
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
		slowest, seconds, apart := p.starts[i].Slowest()
		if i > 0 && slowest != rank || apart < stat.Telling || apart < leastApart*seconds {
			return ""
		}
		rank = slowest
	}
	if len(p.starts) < leastStarts {
		return ""
	}
	return rank
}
