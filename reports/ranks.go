package reports

import (
	"fmt"

	"coldstart/reports/phase"
	"coldstart/reports/stat"
)

// A straggler is the slowest rank of every start-up, of leastStarts or more, and by at least
// leastApart of the phase's time.
const (
	leastStarts = 3
	leastApart  = 0.05
)

// Ranks say how far apart the ranks of start-ups were, and which rank is a straggler. They
// are empty for start-ups of one rank.
func Ranks(logs []phase.Log) (words []string) {
	var several []*phase.Log
	for i := range logs {
		if len(logs[i].Ranks) > 1 {
			several = append(several, &logs[i])
		}
	}
	if len(several) == 0 {
		return nil
	}
	words = append(words, fmt.Sprintf("%d ranks; each time is that of the slowest", len(several[0].Ranks)))
	for _, part := range rankParts {
		apart, whole := widest(several, part.phases)
		if len(apart) == 0 {
			continue
		}
		mean := stat.Summarize(apart).Mean
		words = append(words, fmt.Sprintf("%s: the ranks were %.2f s apart on average, of %.2f s", part.name, mean, whole))
		rank := part.slowest(several[0].Slowest)
		for _, log := range several[1:] {
			if part.slowest(log.Slowest) != rank {
				rank = ""
			}
		}
		if rank != "" && len(several) >= leastStarts && mean >= stat.Telling && mean >= leastApart*whole {
			words = append(words, fmt.Sprintf("%s: %s is a straggler, the slowest rank in all %d start-ups",
				part.name, rank, len(several)))
		}
	}
	return words
}

// rankParts are what ranks do side by side, each with the phases that time it.
var rankParts = []struct {
	name    string
	slowest func(phase.Slowest) string
	phases  []phase.Phase
}{
	{"loading", func(s phase.Slowest) string { return s.Loading }, []phase.Phase{phase.ModelLoading, phase.LoadWeights}},
	{"compiling", func(s phase.Slowest) string { return s.Compiling }, []phase.Phase{
		phase.TorchCompile, phase.GraphCompileCached, phase.DynamoTransform,
	}},
	{"capturing", func(s phase.Slowest) string { return s.Capturing }, []phase.Phase{phase.GraphCapturing}},
}

// widest are by how much the ranks of start-ups differ in the first of the phases that they
// state, and how long it took on average.
func widest(logs []*phase.Log, phases []phase.Phase) (apart []float64, whole float64) {
	for _, p := range phases {
		var took []float64
		for _, log := range logs {
			difference, known := log.Apart.Get(p)
			seconds, timed := log.Times.Get(p)
			if known && timed {
				apart, took = append(apart, difference), append(took, seconds)
			}
		}
		if len(apart) > 0 {
			return apart, stat.Summarize(took).Mean
		}
	}
	return nil, 0
}
