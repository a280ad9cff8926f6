package console

import (
	"fmt"
	"strings"
	"time"

	"coldstart/reports/phase"
)

// worthALine is how long a run must take to get a line of its own: a person waits
// for it.
const worthALine = 2 * time.Second

// inOrder are the phases in the order in which a start-up goes through them. Those
// that others are the sum of are left out.
var inOrder = []phase.Phase{
	phase.DetectPlatform, phase.LLMImports, phase.GetModelInfo, phase.TokenizerInit, phase.WorkerInit,
	phase.ModelInit, phase.LoadWeights, phase.DynamoTransform, phase.GraphCompileGeneral, phase.GraphCompileCached,
	phase.KVCacheProfiling, phase.GraphCapturing,
}

// start is a run that goes on, as a line tells of it.
type start struct {
	begun    time.Time
	expected phase.Times
	reached  string // what it has behind it; empty at first
}

func newStart(expected phase.Times) *start {
	return &start{begun: time.Now(), expected: expected}
}

func (s *start) elapsed() time.Duration {
	if s == nil {
		return 0
	}
	return time.Since(s.begun)
}

// String is how far the run is, how long it has taken, and where that is known
// what is next and how long it and the whole are expected to take.
func (s *start) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, ", %.0f s", s.elapsed().Seconds())
	if whole, known := s.expected.Get(phase.ActualTotalTime); known {
		fmt.Fprintf(&text, " of about %.0f s", whole)
	}
	if next, seconds, known := s.next(); known {
		fmt.Fprintf(&text, ": %s, about %.1f s", next, seconds)
	} else if s.reached != "" {
		fmt.Fprintf(&text, ": after %s", s.reached)
	}
	return text.String()
}

// next is the phase that follows what the run has behind it, and how many seconds
// it is expected to take.
func (s *start) next() (next phase.Phase, seconds float64, known bool) {
	passed := s.reached == ""
	for _, p := range inOrder {
		if passed {
			if seconds, known := s.expected.Get(p); known {
				return p, seconds, true
			}
		}
		passed = passed || p.String() == s.reached
	}
	return 0, 0, false
}
