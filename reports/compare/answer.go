package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"coldstart/reports/table"
)

// Answer answers the question of a comparison: did the start-up get slower, in which
// phase, by how much, and is that more than noise?
type Answer struct {
	Sentence string  `json:"sentence"`
	Verdict  Verdict `json:"verdict"`
	Agree    int     `json:"agree"` // number of deciding phases with this verdict
	All      int     `json:"all"`   // number of deciding phases
	// Configuration and Phase are the one with this verdict that decides: the largest
	// difference, or the widest interval. They are nil if Verdict is Lost.
	Configuration *Configuration `json:"-"`
	Phase         *Phase         `json:"-"`
	// Moved are the steps of that start-up that changed significantly, the largest change
	// first; none unless Phase is the whole start-up.
	Moved []Move `json:"moved,omitempty"`

	noun   string // of the deciding phases
	margin float64
	lost   []LeftOut
}

// Lost means that some start-ups of A succeeded, but none of B.
const Lost Verdict = "lost"

// urgency orders the verdicts of deciding phases: a comparison's answer is the first.
var urgency = []Verdict{Slower, Unsettled, Untested, Faster, Same}

// answer answers the comparison's question.
func (c *Comparison) answer() Answer {
	a := Answer{margin: c.Margin}
	if lost := c.Lost(); len(lost) > 0 {
		return a.loses(lost, len(lost)+len(c.Configurations))
	}
	for i := range c.Configurations {
		configuration := &c.Configurations[i]
		for j := range configuration.Phases {
			if p := &configuration.Phases[j]; p.Decides {
				a.consider(configuration, p)
			}
		}
	}
	a.noun = "configuration"
	if a.All != len(c.Configurations) {
		a.noun = "deciding phase"
	}
	if a.Phase != nil && a.Phase.IsWhole() {
		a.Moved = a.Configuration.moved(a.Phase)
	}
	a.Sentence = a.sentence()
	return a
}

// loses is the answer if configurations, of all, do not start in B any more.
func (a Answer) loses(lost []LeftOut, all int) Answer {
	a.Verdict, a.Agree, a.All, a.lost = Lost, len(lost), all, lost
	a.Sentence = a.sentence()
	return a
}

// consider counts a deciding phase, and takes it if it is more urgent.
func (a *Answer) consider(configuration *Configuration, p *Phase) {
	a.All++
	order := 1
	if a.Phase != nil {
		order = cmp.Compare(slices.Index(urgency, a.Verdict), slices.Index(urgency, p.Verdict))
	}
	switch {
	case order > 0:
		a.Agree = 1
	case order == 0:
		a.Agree++
	}
	if order > 0 || order == 0 && p.weight() > a.Phase.weight() {
		a.Verdict, a.Configuration, a.Phase = p.Verdict, configuration, p
	}
}

// weight orders phases of one verdict: by the difference, or else by the largest one that
// is possible.
func (p *Phase) weight() float64 {
	if p.Verdict == Slower || p.Verdict == Faster {
		return p.share(math.Abs(p.Difference.Seconds))
	}
	return p.atMost()
}

// share is a time as a share of A's mean; 0 if that is not above zero.
func (p *Phase) share(seconds float64) float64 {
	if p.A.Mean <= 0 {
		return 0
	}
	return seconds / p.A.Mean
}

// atMost is the largest difference that is possible either way, as a share of A's mean.
func (p *Phase) atMost() float64 {
	d := &p.Difference
	if d.Low == nil {
		return p.share(math.Abs(d.Seconds))
	}
	return p.share(max(-*d.Low, *d.High))
}

// Answer answers the question of two result sets that have nothing in common. It is false
// unless that is because no start-up of B succeeded.
func (e *NothingError) Answer() (a Answer, ok bool) {
	lost := lostOf(e.LeftOut)
	if len(lost) == 0 {
		return a, false
	}
	return a.loses(lost, len(lost)), true
}

func (a *Answer) sentence() string {
	switch a.Verdict {
	case Lost:
		return a.lostText()
	case Slower, Faster:
		return fmt.Sprintf("%s is %s%s: %s%s%s",
			a.subject(), a.Verdict, a.place("most in"), a.change(), a.cause(), a.witnesses())
	case Same:
		return fmt.Sprintf("No change found%s: ± %s %% at most, %s%s",
			a.place(""), decimals(100*a.Phase.atMost(), 1), a.startsText(), a.aside())
	case Untested:
		return fmt.Sprintf("Not settled%s: %s with %s, and a test needs %d",
			a.place("such as"), a.change(), a.startsText(), leastRuns)
	}
	return fmt.Sprintf("Not settled%s: %s after %s%s%s",
		a.place("such as"), a.change(), a.startsText(), a.more(), a.aside())
}

func (a *Answer) lostText() string {
	text := "Start-up fails"
	if a.All > 1 {
		text += " in " + table.Part(a.Agree, a.All, "configuration")
	}
	return text + ": " + a.lost[0].String()
}

// subject is the deciding phase in words.
func (a *Answer) subject() string {
	if a.Phase.IsWhole() {
		return "Start-up"
	}
	return a.Phase.Phase
}

// place says how many of several deciding phases have the verdict, and which one follows.
func (a *Answer) place(which string) string {
	if a.All == 1 {
		return ""
	}
	text := " in " + table.Part(a.Agree, a.All, a.noun)
	switch {
	case which == "":
		return text
	case a.Agree == 1:
		which = "namely"
	}
	return text + ", " + which + " " + a.Configuration.Label
}

// starts is the number of starts of the side with fewer.
func (a *Answer) starts() int { return min(a.Phase.A.N, a.Phase.B.N) }

// startsText is "3 starts a side" or "3 and 5 starts".
func (a *Answer) startsText() string {
	if p := a.Phase; p.A.N != p.B.N {
		return fmt.Sprintf("%d and %d starts", p.A.N, p.B.N)
	}
	return table.Count(a.starts(), "start") + " a side"
}

// change is "31.4 → 36.9 s, +17.5 % ± 2.1 (p < 0.001)".
func (a *Answer) change() string {
	p, d := a.Phase, &a.Phase.Difference
	text := fmt.Sprintf("%s → %s s", decimals(p.A.Mean, 1), decimals(p.B.Mean, 1))
	if d.Percent != nil {
		text += ", " + signed(*d.Percent, 1) + " %"
		if d.Low != nil {
			text += " ± " + decimals(100*p.share(*d.High-*d.Low)/2, 1)
		}
	}
	if a.Verdict != Slower && a.Verdict != Faster {
		return text
	}
	return text + " (" + p.pWords() + ")" + a.small()
}

func (p *Phase) pWords() string {
	if text := p.PText(); strings.HasPrefix(text, "<") {
		return "p < " + text[1:]
	}
	return "p = " + p.PText()
}

// small says that a difference is certain but below the limit.
func (a *Answer) small() string {
	if math.Abs(a.Phase.Difference.Seconds) > a.margin*a.Phase.A.Mean {
		return ""
	}
	return fmt.Sprintf(", within the limit of %s %%", Percent(a.margin))
}

// more says how many more starts would settle the question.
func (a *Answer) more() string {
	if a.Phase.Runs == 0 {
		return ""
	}
	if a.Phase.Runs > runsLimit {
		return fmt.Sprintf(", and %d would not be enough", runsLimit)
	}
	return fmt.Sprintf(", about %d more needed", a.Phase.Runs-a.starts())
}

const (
	nearlyAll = 0.9 // share of a change, from which one step is nearly all of it
	mostOf    = 0.5 // from which it is most of it
	mostMoves = 3   // steps that the sentence names
	// mostWitnesses is the number of counters that the sentence names. Differs has all.
	mostWitnesses = 2
)

// cause says which steps the change is in.
func (a *Answer) cause() string {
	switch {
	case len(a.Moved) == 0:
		return ""
	case nearlyAll <= a.Moved[0].Share && a.Moved[0].Share <= 2-nearlyAll:
		return ", nearly all of it in " + a.Moved[0].String()
	case mostOf <= a.Moved[0].Share && a.Moved[0].Share < nearlyAll:
		return ", most of it in " + a.Moved[0].String()
	}
	return ", in " + a.moves()
}

// witnesses are counters that changed too: "; processes: 5 → 9".
func (a *Answer) witnesses() (text string) {
	for _, f := range a.Configuration.Counters[:min(len(a.Configuration.Counters), mostWitnesses)] {
		text += "; " + f.String()
	}
	return text
}

// aside names the steps that changed, although the whole start-up is not known to have.
func (a *Answer) aside() string {
	if len(a.Moved) == 0 {
		return ""
	}
	return "; but a change of " + a.moves()
}

// moves are the largest ones: "load_weights (+0.7 s) and model_init (−0.2 s)".
func (a *Answer) moves() string {
	var words []string
	for _, m := range a.Moved[:min(len(a.Moved), mostMoves)] {
		words = append(words, m.String())
	}
	if more := len(a.Moved) - mostMoves; more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " and " + words[last]
	}
	return words[0]
}

// secondsText has as many decimals as a small difference needs.
func secondsText(seconds float64) string {
	if math.Abs(seconds) < 0.1 {
		return signed(seconds, 2) + " s"
	}
	return signed(seconds, 1) + " s"
}
