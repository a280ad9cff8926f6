package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
	"coldstart/reports/table"
)

// fewConfigurations is the greatest number of configurations that are shown with all
// phases. With more, only deciding and different phases are shown.
const fewConfigurations = 4

// mostFacts is the greatest number of facts in a heading. JSON has all.
const mostFacts = 12

// Heading names the two sides and the differences in what they were measured in.
func (c *Comparison) Heading() []string {
	lines := []string{
		fmt.Sprintf("A  %s: %v", c.A.Name, &c.A),
		fmt.Sprintf("B  %s: %v", c.B.Name, &c.B),
	}
	if len(c.Differs) == 0 {
		return append(lines, "No difference in environment was recorded.")
	}
	lines = append(lines, "A and B differ in:")
	told := slices.Clone(c.Differs)
	if len(told) > mostFacts { // a setting that one release alone has may be the other's under another name
		slices.SortStableFunc(told, func(f, g Fact) int { return cmp.Compare(f.unknowns(), g.unknowns()) })
		told = told[:mostFacts]
	}
	for _, f := range told {
		lines = append(lines, "  "+f.String())
	}
	if more := len(c.Differs) - mostFacts; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	return lines
}

// Table has one row per phase. With many configurations, phases that only explain are
// left out unless they differ.
func (c *Comparison) Table() table.Table {
	t := table.Table{
		Header: []string{"Configuration", c.heading(), "A (s)", "B (s)", "B − A (%)", "p", "Runs", "Verdict"},
		Align: []table.Align{
			table.Left, table.Left, table.Right, table.Right, table.Right, table.Right, table.Right, table.Left,
		},
		Groups: true, Spare: []int{5, 6},
	}
	for i := range c.Configurations {
		configuration := &c.Configurations[i]
		name := c.name(configuration)
		for j := range configuration.Phases {
			p := &configuration.Phases[j]
			if !c.shows(p) {
				continue
			}
			t.Rows = append(t.Rows, append([]table.Cell{{Text: name}}, c.row(p)...))
			name = ""
		}
	}
	return t
}

// heading is that of the names of what is compared.
func (c *Comparison) heading() string {
	if slices.ContainsFunc(c.Configurations, func(of Configuration) bool { return !of.Segments }) {
		return "Phase"
	}
	return "Segment"
}

// shows reports whether the table shows a phase.
func (c *Comparison) shows(p *Phase) bool {
	return len(c.Configurations) <= fewConfigurations || p.Decides || p.Verdict == Slower || p.Verdict == Faster
}

// name is a configuration's label, with its set and node if there are several.
func (c *Comparison) name(configuration *Configuration) string {
	first := &c.Configurations[0]
	several := false
	for i := range c.Configurations {
		several = several || c.Configurations[i].Place() != first.Place()
	}
	if !several {
		return configuration.Label
	}
	return configuration.Place() + ": " + configuration.Label
}

// Place is the configuration's set, or A's and B's, and its node, if it is known.
func (c *Configuration) Place() string {
	place := c.Set
	if c.SetB != "" {
		place += " → " + c.SetB
	}
	if c.Node != "" {
		place += " on " + c.Node
	}
	if c.GPU != "" {
		place += ", " + c.GPU.String()
	}
	return place
}

// decides marks the deciding phases.
const decides = " *"

func (c *Comparison) row(p *Phase) []table.Cell {
	name := p.Phase
	if p.Decides {
		name += decides
	}
	return []table.Cell{
		{Text: name}, p.A.cell(), p.B.cell(), {Text: p.Difference.String()}, {Text: p.PText()}, {Text: p.runsText()},
		{Text: c.VerdictText(p), Brief: string(p.Verdict), Tone: tones[p.Verdict]},
	}
}

var tones = map[Verdict]table.Tone{
	Slower: table.Bad, Faster: table.Good, Unsettled: table.Doubtful, Untested: table.Doubtful,
}

func (e *Estimate) cell() table.Cell { return table.Cell{Text: e.String(), Brief: decimals(e.Mean, 3)} }

// String is the mean with half its interval's width: "12.340 ± 0.210".
func (e *Estimate) String() string {
	text := decimals(e.Mean, 3)
	if e.Low != nil {
		text += " ± " + decimals((*e.High-*e.Low)/2, 3)
	}
	return text
}

// String is the difference in percent of A with half its interval's width,
// "+3.4 ± 1.1"; empty if A's mean is not above zero.
func (d *Difference) String() string {
	if d.Percent == nil {
		return ""
	}
	text := signed(*d.Percent, 1)
	if d.Low != nil && d.Seconds != 0 {
		text += " ± " + decimals(*d.Percent/d.Seconds*(*d.High-*d.Low)/2, 1)
	}
	return text
}

// PText is the adjusted p-value; empty without a test.
func (p *Phase) PText() string {
	switch {
	case p.Adjusted == nil:
		return ""
	case *p.Adjusted < 0.001:
		return "<0.001"
	}
	return decimals(*p.Adjusted, 3)
}

// runsText is the number of runs per side: "5", or "5+4".
func (p *Phase) runsText() string {
	if p.A.N == p.B.N {
		return strconv.Itoa(p.A.N)
	}
	return fmt.Sprintf("%d+%d", p.A.N, p.B.N)
}

// VerdictText is the verdict in words.
func (c *Comparison) VerdictText(p *Phase) string {
	switch p.Verdict {
	case Same:
		return fmt.Sprintf("same within %s %%", Percent(c.Margin))
	case Untested:
		if max(p.A.N, p.B.N) == 1 {
			return "one run: no claim"
		}
		return fmt.Sprintf("fewer than %d runs: no claim", leastRuns)
	case Unsettled:
		return "unsettled: " + p.moreRuns()
	}
	return string(p.Verdict)
}

func (p *Phase) moreRuns() string {
	if p.Runs > runsLimit {
		return fmt.Sprintf("over %d runs a side", runsLimit)
	}
	return fmt.Sprintf("≈%d more", p.Runs-min(p.A.N, p.B.N))
}

// Summary is the outcome in sentences.
func (c *Comparison) Summary() []string {
	deciding := c.phases(func(p *Phase) bool { return p.Decides })
	explaining := c.phases(func(p *Phase) bool { return !p.Decides })
	what := strings.ToLower(c.heading()) + "s"
	lines := []string{
		fmt.Sprintf("Deciding %s (*): %s.", what, tally(deciding)),
		fmt.Sprintf("Other %s: %s.", what, tally(explaining)),
	}
	if more := mostRuns(deciding); more != "" {
		lines = append(lines, more)
	}
	if c.SingleRuns() {
		return append(lines, singleRuns)
	}
	switch {
	case c.A.Session == c.B.Session || inTurns(&c.A, &c.B):
	case c.A.Engine == result.Logs && c.B.Engine == result.Logs:
		lines = append(lines, "Logs do not tell whether A and B were started in turns. If not, they often differ by a few "+
			"percent for other reasons.")
	default:
		lines = append(lines, "A and B are two sessions, and sessions often differ by a few percent for other reasons. "+
			"Measuring in turns removes that.")
	}
	return append(lines, c.method(deciding, explaining)...)
}

// method says how intervals and p-values come about, as far as there are any.
func (c *Comparison) method(deciding, explaining []*Phase) []string {
	interval, test := "by Student's t for a mean and by Welch's for the difference.", "Welch's t-test, adjusted for"
	if len(c.phases(func(p *Phase) bool { return p.Turns > 0 })) > 0 {
		interval = "by Student's t. That of the difference is of the differences in each turn, and is valid after any turn."
		test = "a t-test of the differences in each turn, adjusted for a look after every turn and for"
	} else if len(c.phases(func(p *Phase) bool { return p.P != nil && p.apart() })) > 0 {
		test = "Welch's t-test (where neither side varies, from Mann and Whitney's U-test), adjusted for"
	}
	lines := []string{"± is half the 95 % confidence interval, " + interval}
	if all := countTested(deciding) + countTested(explaining); all > 0 {
		lines = append(lines, fmt.Sprintf("p comes from %s the number of tests: %s by Holm's method (*), "+
			"%d by Benjamini and Hochberg's.", test, table.Count(countTested(deciding), "test"), countTested(explaining)))
	}
	return lines
}

// apart tells whether neither side varies, and they differ.
func (p *Phase) apart() bool { return p.A.steady() && p.B.steady() && p.Difference.Seconds != 0 }

// SingleRuns tells whether each side has one run of everything that is compared.
func (c *Comparison) SingleRuns() bool {
	return len(c.phases(func(p *Phase) bool { return max(p.A.N, p.B.N) > 1 })) == 0
}

// singleRuns says what a comparison of one run a side can tell.
const singleRuns = "One run a side shows by how much these two start-ups differ, and where. It has no interval and no " +
	"test: it cannot tell a change from noise, which takes 3 runs a side or more."

func countTested(phases []*Phase) (n int) {
	for _, p := range phases {
		if p.P != nil {
			n++
		}
	}
	return n
}

// tally counts verdicts: "3 slower, 8 same".
func tally(phases []*Phase) string {
	counts := map[Verdict]int{}
	for _, p := range phases {
		counts[p.Verdict]++
	}
	var words []string
	for _, v := range []Verdict{Slower, Faster, Same, Unsettled, Untested} {
		if n := counts[v]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, v))
		}
	}
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// mostRuns says how many runs would settle the deciding phases.
func mostRuns(deciding []*Phase) string {
	most := 0
	for _, p := range deciding {
		most = max(most, p.Runs)
	}
	switch {
	case most == 0:
		return ""
	case most > runsLimit:
		return fmt.Sprintf("More than %d runs per side would be needed to settle every deciding phase: "+
			"the difference is too close to the limit, or the runs spread too far.", runsLimit)
	}
	return fmt.Sprintf("If these runs are typical, about %d runs per side would settle every deciding phase "+
		"with 80 %% probability.", most)
}

// String is the regression as a line.
func (r Regression) String() string {
	p := r.Phase
	return fmt.Sprintf("%s: %s: %s %s s → %s s, %s %%, p %s",
		r.Configuration.Place(), r.Configuration.Label, p.Phase,
		decimals(p.A.Mean, 2), decimals(p.B.Mean, 2), &p.Difference, p.PText())
}

// AllWarnings are the warnings of the comparison and its configurations, each once.
// Warnings of single tests are in JSON only; the verdicts imply them.
func (c *Comparison) AllWarnings() []string {
	all := slices.Clone(c.Warnings)
	of := map[string][]string{} // a warning's configurations
	var order []string
	for i := range c.Configurations {
		configuration := &c.Configurations[i]
		for _, w := range configuration.Warnings {
			if of[w] == nil {
				order = append(order, w)
			}
			of[w] = append(of[w], configuration.Place()+": "+configuration.Label)
		}
	}
	for _, w := range order {
		text := of[w][0]
		if more := len(of[w]) - 1; more > 0 {
			text += " and " + table.Count(more, "other")
		}
		all = append(all, text+": "+w)
	}
	return all
}

// Percent is a share in percent, as short as it can be: 5, 2.5.
func Percent(share float64) string { return strconv.FormatFloat(share*100, 'g', 4, 64) }

func decimals(x float64, n int) string { return strconv.FormatFloat(x, 'f', n, 64) }

// signed has a sign unless it rounds to zero.
func signed(x float64, n int) string {
	text := decimals(math.Abs(x), n)
	switch {
	case strings.Trim(text, "0.") == "":
		return text
	case x > 0:
		return "+" + text
	}
	return "−" + text
}
