package console

import (
	"fmt"
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
	begun    time.Time
	expected phase.Times
	reached  string // the last phase that ended; empty at first
}

func (s *start) elapsed() time.Duration {
	if s == nil {
		return 0
	}
	return time.Since(s.begun)
}

// String is the time that the run has taken, the next phase, and the expected times of
// that phase and of the whole, where they are known.
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

// next is the phase that follows the last one, and the seconds that it is expected to
// take.
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
