package compare

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/segment"
)

// Move is a step of a start-up that takes longer in B than in A, or shorter.
type Move struct {
	Name    string  `json:"name"`              // of the phase or segment
	Segment string  `json:"segment,omitempty"` // that the phase is in, if segments were compared
	Seconds float64 `json:"seconds"`           // mean of B − mean of A
	Share   float64 `json:"share"`             // of the whole start-up's difference
}

// String is the move as "load_weights (+0.7 s)" or "model_loading: load_weights (+0.7 s)".
func (m Move) String() string {
	name := m.Name
	if m.Segment != "" {
		name = m.Segment + ": " + name
	}
	return name + " (" + secondsText(m.Seconds) + ")"
}

// IsWhole tells whether a phase is the whole start-up.
func (p *Phase) IsWhole() bool {
	paper, err := phase.Parse(p.Phase)
	return p.Phase == segment.TimeToReady || err == nil && paper.IsWhole()
}

// A step is a part of a start-up, with its own parts. Those of one step do not overlap.
type step struct {
	name  string
	parts []step
}

// steps are the parts of the whole start-up.
func (c *Configuration) steps() step {
	if !c.Segments {
		return phaseStep(phase.TotalTime)
	}
	var whole step
	for i := range c.Phases {
		name := c.Phases[i].Phase
		if name == segment.TimeToReady { // behind the segments that it is the sum of
			break
		}
		whole.parts = append(whole.parts, segmentStep(name))
	}
	return whole
}

func phaseStep(p phase.Phase) step {
	s := step{name: p.String()}
	for _, part := range p.Parts() {
		s.parts = append(s.parts, phaseStep(part))
	}
	return s
}

// inside are the paper's phases that lie within a segment.
var inside = map[string][]phase.Phase{
	segment.Name(segment.FrontEnd):       {phase.DetectPlatform, phase.LLMImports, phase.GetModelInfo, phase.TokenizerInit},
	segment.Name(segment.WorkerSetup):    {phase.WorkerInit},
	segment.Name(segment.ModelLoading):   {phase.ModelInit, phase.LoadWeights},
	segment.Name(segment.ProfileCompile): {phase.TorchCompile, phase.GraphCompileCached, phase.KVCacheProfiling},
	segment.Name(segment.CaptureWarmup):  {phase.GraphCapturing},
}

// segmentStep is a segment, whose name is several if a cut between them is not known.
func segmentStep(name string) step {
	s := step{name: name}
	for of := range strings.SplitSeq(name, "+") {
		for _, p := range inside[of] {
			s.parts = append(s.parts, phaseStep(p))
		}
	}
	return s
}

// moved are the steps that changed, which do not overlap: those that changed significantly,
// or else the likeliest one, if the whole changed.
func (c *Configuration) moved(whole *Phase) (moves []Move) {
	steps := c.steps()
	for _, s := range steps.parts {
		found := c.movedIn(s)
		for i := range found {
			if c.Segments && found[i].Name != s.name {
				found[i].Segment = s.name
			}
		}
		moves = append(moves, found...)
	}
	change := whole.Difference.Seconds
	if len(moves) == 0 && whole.Moved() {
		moves = c.likeliest(steps, change)
	}
	for i := range moves {
		if change != 0 {
			moves[i].Share = moves[i].Seconds / change
		}
	}
	slices.SortStableFunc(moves, func(a, b Move) int { return cmp.Compare(math.Abs(b.Seconds), math.Abs(a.Seconds)) })
	return moves
}

// Moved tells whether a phase is significantly slower or faster.
func (p *Phase) Moved() bool { return p.Verdict == Slower || p.Verdict == Faster }

// Steps are the parts of the whole start-up that do not overlap: the segments up to ready,
// or the paper's phases of which no part was compared.
func (c *Configuration) Steps() (steps []*Phase) {
	for i := range c.Phases {
		p := &c.Phases[i]
		if !p.IsWhole() && p.Phase != segment.Name(segment.FirstToken) && (c.Segments || !c.hasPartOf(p)) {
			steps = append(steps, p)
		}
	}
	return steps
}

// hasPartOf tells whether a part of one of the paper's phases was compared.
func (c *Configuration) hasPartOf(p *Phase) bool {
	paper, err := phase.Parse(p.Phase)
	return err == nil && slices.ContainsFunc(paper.Parts(), func(part phase.Phase) bool {
		return slices.ContainsFunc(c.Phases, func(p Phase) bool { return p.Phase == part.String() })
	})
}

// movedIn are the parts of a step that changed significantly, if they explain most of its
// change, or else the likeliest one. If there is none, it is the step itself, if that changed
// significantly.
func (c *Configuration) movedIn(s step) (moves []Move) {
	explained := 0.0
	for _, part := range s.parts {
		for _, move := range c.movedIn(part) {
			moves = append(moves, move)
			explained += move.Seconds
		}
	}
	p := c.find(s.name)
	if p == nil || !p.Moved() {
		return moves
	}
	change := p.Difference.Seconds
	if math.Abs(change-explained) < mostOf*math.Abs(change) {
		return moves
	}
	if likeliest := c.likeliest(s, change); len(likeliest) > 0 {
		return likeliest
	}
	return []Move{{Name: s.name, Seconds: change}}
}

// likeliest is the part of a step that changed, or the part's own, that changed most, if that
// explains most of the change. Its own test is not adjusted for the number of tests, because
// it is certain that some part changed. Without such a part there is none.
func (c *Configuration) likeliest(of step, change float64) (moves []Move) {
	most := mostOf
	consider := func(move Move) {
		if share := move.Seconds / change; share > most {
			most, moves = share, []Move{move}
		}
	}
	for _, part := range of.parts {
		found := c.likeliest(part, change)
		for _, move := range found {
			consider(move)
		}
		if p := c.find(part.name); p != nil && p.once < alpha && len(found) == 0 {
			consider(Move{Name: part.name, Seconds: p.Difference.Seconds})
		}
	}
	return moves
}

// find finds a phase of the configuration, also one within a segment; nil if it is not
// compared.
func (c *Configuration) find(name string) *Phase {
	for _, phases := range [][]Phase{c.Phases, c.within} {
		for i := range phases {
			if phases[i].Phase == name {
				return &phases[i]
			}
		}
	}
	return nil
}
