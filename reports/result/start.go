package result

import (
	"fmt"
	"slices"
	"time"

	"coldstart/reports/phase"
)

// Start is what a start of the engine is, and where it ends.
type Start string

// The starts.
const (
	// EngineOnly is the paper's: the engine in a launcher, without a server, until it is made.
	EngineOnly Start = ""
	// Serve is production's: `vllm serve` until /health answers 200, and then until the
	// first token of its first request.
	Serve Start = "serve"
)

// check refuses a start that this program does not know.
func (s Start) check() error {
	if s != EngineOnly && s != Serve {
		return fmt.Errorf("start %q is unknown", string(s))
	}
	return nil
}

// String is the start in words.
func (s Start) String() string {
	if s == Serve {
		return "served"
	}
	return "engine only"
}

// Served tells whether the engine serves in all runs of the plan. A lab's own sets may say
// how they are started; the others of a plan are started in the same way.
func (p *Plan) Served() bool {
	return len(p.Sets) > 0 && !slices.ContainsFunc(p.Sets, func(s Set) bool { return s.Start != Serve })
}

// startsOtherwise finds how two plans start a set that both have, if not in the same way.
func (p *Plan) startsOtherwise(other *Plan) (here, there Start, otherwise bool) {
	for i := range p.Sets {
		here := &p.Sets[i]
		if there := other.Set(here.Name); there != nil && there.Start != here.Start {
			return here.Start, there.Start, true
		}
	}
	return "", "", false
}

// Moments are when parts of one start happened, as the machine that made it saw them. They
// are stamps of its wall clock with its offset from UTC, as a log's stamps are, in
// milliseconds. A moment that was not seen is absent.
//
// A start is longer than its log: from the first process's Began to the log's first stamp
// Python imports vLLM, and Ready to FirstToken is the first request.
type Moments struct {
	// Processes are those of the engine's process group, in the order in which they began.
	// One that lived for less than a second may be missing.
	Processes  []Process `json:"processes,omitempty"`
	Ready      time.Time `json:"ready,omitzero"`       // Serve: the first answer 200 of /health
	FirstToken time.Time `json:"first_token,omitzero"` // Serve: of the first request
}

// Measured are the moments that cut the start-up's segments. Those of no Moments are zero.
func (m *Moments) Measured() (of phase.Measured) {
	if m == nil {
		return of
	}
	of.Ready, of.FirstToken = m.Ready, m.FirstToken
	if len(m.Processes) > 0 {
		of.Exec = m.Processes[0].Began
	}
	return of
}

// Process is one process of an engine.
type Process struct {
	PID   int       `json:"pid"`   // as in the log's prefix "(EngineCore_0 pid=98)"
	Name  string    `json:"name"`  // its last one; the kernel keeps 15 bytes
	Began time.Time `json:"began"` // from the kernel's clock ticks, 10 ms
}
