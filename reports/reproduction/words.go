package reproduction

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/table"
)

// FiguresTable has one row per figure: the paper's value, the value here, and their ratio.
func (r *Reproduction) FiguresTable() table.Table {
	t := table.Table{
		Header: []string{"Figure", "Shows", "Compared", "Paper", "Here", "Ratio (95 % interval)", "Note"},
		Align:  []table.Align{table.Left, table.Left, table.Left, table.Right, table.Right, table.Left, table.Left},
	}
	for i := range r.Figures {
		f := &r.Figures[i]
		row := []string{f.Figure, f.Title, "", "", "", "", f.Note}
		if c := f.Comparison; c != nil {
			paper, here := withUnit(digits(c.Paper), c.Unit), withUnit(digits(c.Here), c.Unit)
			row = []string{f.Figure, f.Title, c.compared(), paper, here, c.ratio(), c.note()}
		}
		t.Add(row...)
	}
	return t
}

// FiguresNotes explain the table.
func (r *Reproduction) FiguresNotes() (notes []string) {
	if r.own {
		return []string{"These are the paper's own runs, compared with themselves."}
	}
	if slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.StandIn }) {
		notes = append(notes, "Stand-ins have the shapes of the paper's models and random weights.")
	}
	notes = append(notes, "Ratio: here ÷ paper, over the points that both have. "+
		"Its interval is computed for the logarithm, by Student's t with Welch and Satterthwaite's degrees of freedom.")
	return append(notes, r.SetupWords()...)
}

// SetupWords say whether the engine was configured as for the recorded runs; empty for the
// paper's own runs.
func (r *Reproduction) SetupWords() []string {
	if r.own {
		return nil
	}
	return r.Setup.words()
}

// compared names the compared quantity.
func (c *Comparison) compared() string {
	switch {
	case c.Models > 0:
		return c.Quantity + ", " + table.Count(c.Models, "model")
	case c.Points > 0:
		return c.Quantity + ", " + table.Count(c.Points, "point")
	}
	return c.Quantity
}

func (c *Comparison) ratio() string {
	if c.Interval == nil {
		return c.String()
	}
	return c.String() + fmt.Sprintf(" (%.2f to %.2f)", c.Interval.Low, c.Interval.High)
}

func (c *Comparison) note() string {
	if c.Interval != nil {
		return ""
	}
	return "no interval: " + c.Blind
}

// digits writes enough decimals to distinguish two values that differ by 1 %.
func digits(value float64) string {
	if value < 1 {
		return fmt.Sprintf("%.3f", value)
	}
	return fmt.Sprintf("%.2f", value)
}

func withUnit(number, unit string) string {
	switch unit {
	case "":
		return number
	case "×":
		return unit + number
	}
	return number + " " + unit
}

// ClaimsTable has one row per claim: the published value, the value here, and the verdict.
func (r *Reproduction) ClaimsTable() table.Table {
	t := table.Table{
		Header: []string{"Figure", "Claim", "Rule", "Published", "Here (95 % interval)", "Verdict"},
		Align:  []table.Align{table.Left, table.Left, table.Left, table.Right, table.Left, table.Left},
	}
	for i := range r.Claims {
		j := &r.Claims[i]
		t.Rows = append(t.Rows, []table.Cell{
			{Text: j.Figure}, {Text: j.Text}, {Text: j.Rule.in(j.Unit)}, {Text: withUnit(j.Published.String(), j.Unit)},
			{Text: j.here()}, {Text: string(j.Verdict), Tone: tones[j.Verdict]},
		})
	}
	return t
}

var tones = map[Verdict]table.Tone{Holds: table.Good, DoesNotHold: table.Bad, Undecided: table.Doubtful}

// here is the estimate with its interval and its basis, or why there is none.
func (j *Judgement) here() string {
	e := j.Here
	if e == nil {
		return j.Note
	}
	known := j.Note
	if e.Interval != nil {
		known = j.Format(e.Interval.Low) + " to " + j.Format(e.Interval.High)
	}
	basis := e.Basis
	if j.StandIn {
		basis += ", stand-ins"
	}
	return fmt.Sprintf("%s (%s; %s)", withUnit(j.Format(e.Value), j.Unit), known, basis)
}

// ClaimsNotes are the number of verdicts, and the reasons of the rules' limits.
func (r *Reproduction) ClaimsNotes() []string {
	notes := []string{r.ClaimsSummary()}
	var reasons []string
	figures := map[string][]string{}
	for i := range r.Claims {
		c := &r.Claims[i]
		if figures[c.Reason] == nil {
			reasons = append(reasons, c.Reason)
		}
		if !slices.Contains(figures[c.Reason], c.Figure) {
			figures[c.Reason] = append(figures[c.Reason], c.Figure)
		}
	}
	for _, reason := range reasons {
		figure := "Figure "
		if len(figures[reason]) > 1 {
			figure = "Figures "
		}
		notes = append(notes, figure+strings.Join(figures[reason], ", ")+": "+reason+".")
	}
	return notes
}

// counted are the verdicts of one claim and of several, as words.
var counted = []struct {
	verdict      Verdict
	one, several string
}{
	{Holds, "holds", "hold"}, {DoesNotHold, "does not hold", "do not hold"},
	{Undecided, "undecided", "undecided"}, {NotMeasured, "not measured", "not measured"},
}

// ClaimsSummary counts the verdicts in a sentence.
func (r *Reproduction) ClaimsSummary() string {
	return fmt.Sprintf("Of the paper's %s: %s.", table.Count(len(r.Claims), "claim"), count(r.Claims))
}

// VerdictOf is the verdict on a figure's claim, or counts those on several; empty if there
// is no claim.
func (r *Reproduction) VerdictOf(figure string) string {
	var claims []Judgement
	for _, c := range r.Claims {
		if c.Figure == figure {
			claims = append(claims, c)
		}
	}
	if len(claims) == 1 {
		return string(claims[0].Verdict)
	}
	return count(claims)
}

// Open states the claims that were measured and do not hold, or are undecided.
func (r *Reproduction) Open() (sentences []string) {
	for i := range r.Claims {
		j := &r.Claims[i]
		if j.Verdict == Holds || j.Verdict == NotMeasured {
			continue
		}
		sentences = append(sentences, fmt.Sprintf("Figure %s, %s: %s (%s). Here: %s.",
			j.Figure, j.Verdict, j.Text, j.Rule.in(j.Unit), j.here()))
	}
	return sentences
}

// RatioOf is a figure's ratio to the paper's; empty if there is none.
func (r *Reproduction) RatioOf(figure string) string {
	for i := range r.Figures {
		if f := &r.Figures[i]; f.Figure == figure && f.Comparison != nil {
			return f.Comparison.String()
		}
	}
	return ""
}

// count counts the verdicts: "16 hold, 1 undecided".
func count(claims []Judgement) string {
	n := map[Verdict]int{}
	for i := range claims {
		n[claims[i].Verdict]++
	}
	var parts []string
	for _, c := range counted {
		switch n[c.verdict] {
		case 0:
		case 1:
			parts = append(parts, "1 "+c.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n[c.verdict], c.several))
		}
	}
	return strings.Join(parts, ", ")
}
