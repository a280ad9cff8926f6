package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
)

// Margin is the share of A's mean below which a difference does not matter, unless
// Options says otherwise.
const Margin = 0.05

// Options of a comparison.
type Options struct {
	NameA, NameB string            // of the result sets, for people
	Phases       []result.Quantity // that decide, all of one kind; none: the time to ready
	Every        bool              // of the paper's phases decides
	Sets         []SetPair         // to compare; none: every set that both sides have
	Margin       float64           // share of A's mean that matters; 0: Margin
}

// ofPaper tells whether the paper's phases are compared, whatever the runs have.
func (o *Options) ofPaper() bool {
	return o.Every || slices.ContainsFunc(o.Phases, func(q result.Quantity) bool { return !q.IsSegment() })
}

// SetPair is a measurement set of A and the set of B that it is compared with: the same,
// or another on purpose, such as baseline with baseline-ssd.
type SetPair struct{ A, B string }

// Comparison is the comparison of two result sets.
type Comparison struct {
	Answer         Answer          `json:"answer"`
	A              Side            `json:"a"`
	B              Side            `json:"b"`
	Differs        []Fact          `json:"differs"` // differences in what A and B were measured in
	Margin         float64         `json:"margin"`  // share of A's mean that matters
	Configurations []Configuration `json:"configurations"`
	LeftOut        []LeftOut       `json:"left_out"`
	Warnings       []string        `json:"warnings,omitempty"`
}

// Configuration is a configuration on a node that both sides measured.
type Configuration struct {
	ID      string      `json:"configuration"` // A's id
	Label   string      `json:"label"`         // model and engine arguments
	Set     string      `json:"set"`
	SetB    string      `json:"set_b,omitempty"` // B's, if it is another
	Node    string      `json:"node"`
	GPU     result.GPUs `json:"gpu,omitempty"`      // indices on the node, if hardware-matrix.yaml has one
	StandIn bool        `json:"stand_in,omitempty"` // the model had random weights on both sides
	// Segments tells that Phases are the segments and the time to ready, not the paper's.
	Segments bool     `json:"segments,omitempty"`
	Phases   []Phase  `json:"phases"`             // of both sides, in table order
	Counters []Fact   `json:"counters,omitempty"` // that are the same in all runs of a side, and not in both sides
	Warnings []string `json:"warnings,omitempty"`

	within []Phase // the paper's phases within the segments, which have no verdict
}

// Phase is the comparison of one phase or segment of a configuration, or of its time to
// ready.
type Phase struct {
	Phase      string     `json:"phase"`
	Decides    bool       `json:"decides"` // or only explains
	A          Estimate   `json:"a"`
	B          Estimate   `json:"b"`
	Difference Difference `json:"difference"`
	P          *float64   `json:"p,omitempty"`          // of this test alone; absent if a side has fewer than leastRuns
	Adjusted   *float64   `json:"p_adjusted,omitempty"` // for the number of tests; below 0.05 is significant
	Verdict    Verdict    `json:"verdict"`
	// Turns is the number of turns whose differences were tested; 0 if the sides were not
	// measured in turns.
	Turns int `json:"turns,omitempty"`
	// Runs is the estimated number of runs per side, those made included, that would
	// settle an unsettled phase; 0 if it is settled or nothing is known, above runsLimit
	// if it is out of reach.
	Runs     int      `json:"runs_to_settle,omitempty"`
	Warnings []string `json:"warnings,omitempty"`

	spread float64 // standard deviation of the differences in each turn, seconds
	looks  looks   // at Turns
	once   float64 // p of a single test, after a single look; 1 without a test
}

// Verdict is the result of comparing a phase.
type Verdict string

// Slower and Faster mean a significant difference, of any size, of B.
const (
	Slower    Verdict = "slower"
	Faster    Verdict = "faster"
	Same      Verdict = "same"      // a difference would be smaller than the margin
	Unsettled Verdict = "unsettled" // more runs are needed
	Untested  Verdict = "untested"  // a side has fewer than leastRuns
)

// LeftOut is something that was not compared.
type LeftOut struct {
	What   string `json:"what"` // such as "baseline on n1: qwen-4b"
	Reason string `json:"reason"`
	Failed bool   `json:"failed,omitempty"` // no start-up of B succeeded, but some of A did
}

// String is the entry as a line.
func (l LeftOut) String() string { return l.What + ": " + l.Reason }

// NothingError means that two result sets have nothing in common.
type NothingError struct {
	A, B    string
	LeftOut []LeftOut
}

// mostReasons is the greatest number of reasons in an error.
const mostReasons = 12

func (e *NothingError) Error() string {
	lines := []string{fmt.Sprintf("no configuration of %s can be compared with %s", e.A, e.B)}
	for _, l := range e.LeftOut[:min(len(e.LeftOut), mostReasons)] {
		lines = append(lines, "  "+l.String())
	}
	if more := len(e.LeftOut) - mostReasons; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// Results compares B with A. It fails if they have no configuration
// in common, and if Options names a set or phase that is not there.
func Results(a, b *result.Results, o Options) (*Comparison, error) {
	if o.Margin == 0 {
		o.Margin = Margin
	}
	pairs, err := pairUp(a, b, o)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Margin: o.Margin, Differs: []Fact{}, LeftOut: append([]LeftOut{}, pairs.leftOut...)}
	c.A, c.B = newSide(o.NameA, a), newSide(o.NameB, b)
	for i := range pairs.all {
		p := &pairs.all[i]
		c.Configurations = append(c.Configurations, p.compare(o))
		c.A.add(&p.a)
		c.B.add(&p.b)
	}
	if len(c.Configurations) == 0 {
		return nil, &NothingError{A: o.NameA, B: o.NameB, LeftOut: c.LeftOut}
	}
	c.differ(appendNew(Declared(&a.Plan, &b.Plan), pairs.differs...))
	if err := c.appoint(o); err != nil {
		return nil, err
	}
	c.judge()
	c.Answer = c.answer()
	c.Warnings = c.warnings(pairs.unknown)
	return c, nil
}

// appoint sets which phases decide.
func (c *Comparison) appoint(o Options) error {
	found := map[string]bool{}
	for i := range c.Configurations {
		configuration := &c.Configurations[i]
		var decide []string
		for _, q := range o.Phases {
			if q.IsSegment() == configuration.Segments {
				decide = append(decide, q.Name())
			}
		}
		if len(o.Phases) == 0 {
			decide = []string{configuration.whole()}
		}
		for j := range configuration.Phases {
			p := &configuration.Phases[j]
			p.Decides = o.Every || slices.Contains(decide, p.Phase)
			found[p.Phase] = found[p.Phase] || p.Decides
		}
	}
	for _, q := range o.Phases {
		if !found[q.Name()] {
			return fmt.Errorf("%s and %s do not both have %v, which was chosen to decide%s: choose a phase that both have",
				c.A.Name, c.B.Name, q, c.absent(q))
		}
	}
	return nil
}

// absent is the clause why the release of a side does not log a phase; empty if it may.
func (c *Comparison) absent(q result.Quantity) string {
	for _, release := range union(c.A.Releases, c.B.Releases) {
		if why := phase.Absent(q.Phase(), release, func(string) bool { return false }); why != "" {
			return fmt.Sprintf(" (vLLM %s prints it only with %s)", release, why)
		}
	}
	return ""
}

// whole is the name of what is compared as the whole start-up.
func (c *Configuration) whole() string {
	if c.Segments {
		return segment.TimeToReady
	}
	return phase.Whole(c.has).String()
}

// has reports whether a phase of the configuration is compared.
func (c *Configuration) has(p phase.Phase) bool { return c.find(p.String()) != nil }

// phases are the phases of all configurations that are of a kind.
func (c *Comparison) phases(kind func(*Phase) bool) (all []*Phase) {
	for i := range c.Configurations {
		for j := range c.Configurations[i].Phases {
			if p := &c.Configurations[i].Phases[j]; kind(p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// judge gives every phase its verdict.
func (c *Comparison) judge() {
	for _, p := range c.phases(func(p *Phase) bool { return p.P == nil }) {
		p.Verdict = Untested
	}
	c.judgeFamily(deciding, c.phases(func(p *Phase) bool { return p.P != nil && p.Decides }))
	c.judgeFamily(explaining, c.phases(func(p *Phase) bool { return p.P != nil && !p.Decides }))
}

func (c *Comparison) judgeFamily(f family, phases []*Phase) {
	alone := make([]float64, len(phases))
	for i, p := range phases {
		alone[i] = *p.P
	}
	significant := 0
	for i, adjusted := range f.adjust(alone) {
		phases[i].Adjusted = &adjusted
		if adjusted < alpha {
			significant++
		}
	}
	level := f.next(len(phases), significant)
	for _, p := range phases {
		p.judge(c.Margin*p.A.Mean, level)
	}
}

// judge sets the verdict of a tested phase. margin is in seconds; level is the unadjusted
// p below which the phase would be significant.
func (p *Phase) judge(margin, level float64) {
	d := &p.Difference
	switch {
	case *p.Adjusted < alpha && d.Seconds > 0:
		p.Verdict = Slower
	case *p.Adjusted < alpha:
		p.Verdict = Faster
	case d.Low != nil && -margin < *d.Low && *d.High < margin, p.A.steady() && p.B.steady() && d.Seconds == 0:
		p.Verdict = Same
	default:
		p.Verdict = Unsettled
		p.Runs = p.runsToSettle(margin, level)
	}
}

// runsToSettle is the number of runs that would show the difference, or that would show
// that it is below the margin, whichever is smaller. It is more than there are.
func (p *Phase) runsToSettle(margin, level float64) int {
	size, a, b, exclude := math.Abs(p.Difference.Seconds), p.A.spread(), p.B.spread(), alpha
	if p.Turns > 0 {
		a, b, level, exclude = p.spread, 0, p.looks.alone(level), p.looks.alone(alpha)
	}
	runs := runsLimit + 1
	if size > 0 {
		runs = min(runs, runsToDetect(size, a, b, level))
	}
	if size < margin && a+b > 0 {
		runs = min(runs, runsToExclude(margin, size, a, b, exclude))
	}
	return max(runs, min(p.A.N, p.B.N)+1)
}

// Regressions are the deciding phases that are significantly slower by more than a share
// of A's mean, such as 0.05.
func (c *Comparison) Regressions(above float64) (found []Regression) {
	for i := range c.Configurations {
		configuration := &c.Configurations[i]
		for j := range configuration.Phases {
			p := &configuration.Phases[j]
			if p.Decides && p.Verdict == Slower && p.Difference.Seconds > above*p.A.Mean {
				found = append(found, Regression{configuration, p})
			}
		}
	}
	return found
}

// Regression is a phase of a configuration that is slower.
type Regression struct {
	Configuration *Configuration
	Phase         *Phase
}

// Lost are the configurations that started in A, but never in B.
func (c *Comparison) Lost() []LeftOut { return lostOf(c.LeftOut) }

func lostOf(all []LeftOut) (lost []LeftOut) {
	for _, l := range all {
		if l.Failed {
			lost = append(lost, l)
		}
	}
	return lost
}

func (c *Comparison) warnings(unknown []string) (all []string) {
	for _, node := range unknown {
		if node == "" {
			all = append(all, "logs do not tell which machine made them, nor whether the weights were in its memory")
			continue
		}
		all = append(all, fmt.Sprintf("A or B does not record what machine %s is; it was matched by name", node))
	}
	different := c.phases(func(p *Phase) bool { return !slices.Equal(p.A.Values, p.B.Values) })
	if len(different) == 0 {
		all = append(all, "A and B contain the same runs: a result set is compared with itself")
	}
	return all
}
