package reports

import (
	"fmt"
	"strconv"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// A straggler is the slowest rank of every start-up, of leastStarts or more, each time by at
// least leastApart of the part's time.
const (
	leastStarts = 3
	leastApart  = 0.05
)

// Ranks say how far apart the ranks of start-ups were, and which rank is a straggler. They
// are empty for start-ups of one rank.
func Ranks(logs []phase.Log) (words []string) {
	n := 0
	for i := range logs {
		n = max(n, ranksOf(&logs[i]))
	}
	if n < 2 {
		return nil
	}
	words = append(words, fmt.Sprintf("%d ranks; the slowest decides", n))
	var names []string // of parts, in their order
	parts := map[string][]phase.RankPart{}
	for i := range logs {
		for _, part := range logs[i].RankParts {
			if parts[part.Part] == nil {
				names = append(names, part.Part)
			}
			parts[part.Part] = append(parts[part.Part], part)
		}
	}
	for _, name := range names {
		words = append(words, spread(name, parts[name]))
		if rank := straggler(parts[name]); rank != "" {
			words = append(words, fmt.Sprintf("%s: %s is a straggler, the slowest rank in all %d start-ups",
				name, rank, len(parts[name])))
		}
	}
	if parts["loading"] == nil {
		words = append(words, "loading: the log has the time of one rank at most, so a straggler cannot be seen; "+
			"with VLLM_LOGGING_LEVEL=DEBUG vLLM prints lines of every rank")
	}
	return words
}

// spread says how far apart the ranks were in one part of start-ups, and names the slowest
// rank if it was the same in all.
func spread(part string, starts []phase.RankPart) string {
	var took, apart []float64
	slowest, same := "", true
	for i := range starts {
		rank, seconds, behind := starts[i].Slowest()
		took, apart = append(took, seconds), append(apart, behind)
		same = same && (i == 0 || rank == slowest)
		slowest = rank
	}
	if !same {
		slowest = "now one, now another"
	}
	words := fmt.Sprintf("%.2f s after the fastest, of %.2f s", stat.Summarize(apart).Mean, stat.Summarize(took).Mean)
	if len(starts) > 1 {
		words += " on average"
	}
	return fmt.Sprintf("%s: slowest %s, %s", part, slowest, words)
}

// straggler is the rank that was the slowest in every start-up, by enough; empty if none was.
func straggler(starts []phase.RankPart) (rank string) {
	for i := range starts {
		slowest, seconds, apart := starts[i].Slowest()
		if i > 0 && slowest != rank || apart < stat.Telling || apart < leastApart*seconds {
			return ""
		}
		rank = slowest
	}
	if len(starts) < leastStarts {
		return ""
	}
	return rank
}

// ranksOf is the number of ranks by the engine's configuration, or of those that told times.
func ranksOf(log *phase.Log) int {
	n := len(log.Ranks)
	for _, part := range log.RankParts {
		n = max(n, len(part.Seconds))
	}
	fields, all := log.Setup.Config.Fields(), 1
	for _, name := range []string{"tensor_parallel_size", "pipeline_parallel_size"} {
		if size, err := strconv.Atoi(fields[name]); err == nil {
			all *= size
		}
	}
	return max(n, all)
}
