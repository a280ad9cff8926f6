package console

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"coldstart/reports/phase"
)

// worthALine is how long a run must take to get a line of its own.
const worthALine = 2 * time.Second

// inOrder are the phases in the order of a start-up, without the sums of others.
var inOrder = []phase.Phase{
	phase.DetectPlatform, phase.LLMImports, phase.GetModelInfo, phase.TokenizerInit, phase.WorkerInit,
	phase.ModelInit, phase.LoadWeights, phase.DynamoTransform, phase.GraphCompileGeneral, phase.GraphCompileCached,
	phase.KVCacheProfiling, phase.GraphCapturing,
}

// start is a run in progress.
type start struct {
	configuration string
	iteration     int
	begun         time.Time
	expected      phase.Times
	reached       string // the last phase that ended; empty at first
}

func (s *start) elapsed() time.Duration {
	if s == nil {
		return 0
	}
	return time.Since(s.begun)
}

// words are what a place measures and how long the session still takes: at first all that
// is known, then ever less.
func (s *start) words(place, left string) []string {
	iteration := fmt.Sprintf("%s, iteration %d", s.configuration, s.iteration)
	var all []string
	for _, name := range []string{place + ": " + iteration, iteration, s.configuration, ""} {
		all = append(all, joined(" · ", left, joined(": ", name, joined(", ", s.at(), s.times()))))
	}
	return append(all, joined(" · ", left, s.at()))
}

// joined joins texts that are not empty.
func joined(by string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), by)
}

// times is the time that the run has taken, and the whole of it where that is known.
func (s *start) times() string {
	elapsed := s.elapsed().Seconds()
	if whole, known := s.expected.Get(phase.ActualTotalTime); known {
		return fmt.Sprintf("%.0f of about %.0f s", elapsed, whole)
	}
	return fmt.Sprintf("%.0f s", elapsed)
}

// at is the phase that follows the last one, or else that one.
func (s *start) at() string {
	passed := s.reached == ""
	for _, p := range inOrder {
		if passed && s.expected.Has(p) {
			return p.String()
		}
		passed = passed || p.String() == s.reached
	}
	if s.reached == "" {
		return ""
	}
	return "after " + s.reached
}
