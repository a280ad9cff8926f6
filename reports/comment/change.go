package comment

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/compare"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// Change is what a comment on a change shows: its base and its head, measured in turns.
type Change struct {
	Workflow   string              // as in Content
	Base, Head *result.Results     // of the same cells
	Comparison *compare.Comparison // of Head with Base; nil if nothing can be compared
	// Nothing is the reason if no configuration can be compared. It is nil if one can be, and if
	// the change touches no measurement.
	Nothing        *compare.NothingError
	Limit          float64  // share of the base's mean above which the change fails; 0: none
	Drifts         []string // sentences of the default branch's history, without a full stop
	Run, Artifacts string   // as in Content
}

// NewChange compares the head with the base, by the margin until which they were measured. A
// change that is slower by more than the limit, a share of the base's mean, fails, unless that
// is 0.
func NewChange(base *result.Results, limit float64) (*Change, error) {
	c, margin := &Change{Base: base, Head: base.Against, Limit: limit}, limit
	if stop := base.Plan.Stop; stop != nil && stop.Slower > 0 {
		margin = stop.Slower
	}
	if c.untouched() {
		return c, nil
	}
	var err error
	c.Comparison, err = compare.Results(c.Base, c.Head, compare.Options{NameA: "base", NameB: "head", Margin: margin})
	if errors.As(err, &c.Nothing) {
		err = nil
	}
	return c, err
}

// untouched reports that the change touches nothing that is measured.
func (c *Change) untouched() bool { return len(c.Base.Plan.Cells) == 0 }

// Missing says which cells were not measured to their end, and why.
func (c *Change) Missing() (missing []string) {
	for _, side := range []struct {
		name    string
		results *result.Results
	}{{"base", c.Base}, {"head", c.Head}} {
		for _, planned := range side.results.Plan.Cells {
			switch cell := side.results.Cells[planned.ID]; {
			case cell == nil:
				missing = append(missing, fmt.Sprintf("%s, %s: not measured", planned.ID, side.name))
			case cell.Error != "":
				missing = append(missing, fmt.Sprintf("%s, %s: %s", planned.ID, side.name, cell.Error))
			}
		}
	}
	return missing
}

// Regressions are why the change fails, one line each: a start-up that no longer succeeds,
// and one that is slower by more than the limit, if there is one.
func (c *Change) Regressions() (lines []string) {
	lost, slower := []compare.LeftOut(nil), []compare.Regression(nil)
	switch {
	case c.Comparison != nil:
		lost = c.Comparison.Lost()
		if c.Limit > 0 {
			slower = c.Comparison.Regressions(c.Limit)
		}
	case c.Nothing != nil:
		lost = slices.DeleteFunc(slices.Clone(c.Nothing.LeftOut), func(l compare.LeftOut) bool { return !l.Failed })
	}
	for _, l := range lost {
		lines = append(lines, "started in the base, never in the head: "+l.String())
	}
	for _, r := range slower {
		lines = append(lines, fmt.Sprintf("slower by more than %s %%: %v", compare.Percent(c.Limit), r))
	}
	return lines
}

// answer is the comparison's; false if there is none.
func (c *Change) answer() (compare.Answer, bool) {
	switch {
	case c.Comparison != nil:
		return c.Comparison.Answer, true
	case c.Nothing != nil:
		return c.Nothing.Answer()
	}
	return compare.Answer{}, false
}

// sentence answers the question of the change.
func (c *Change) sentence() string {
	if c.untouched() {
		return c.Base.Plan.Untouched()
	}
	if answer, ok := c.answer(); ok {
		return answer.Sentence + "."
	}
	return "Nothing could be compared."
}

// verdicts are the heading's words.
var verdicts = map[compare.Verdict]string{
	compare.Slower: "start-up is slower", compare.Faster: "start-up is faster", compare.Same: "no change found",
	compare.Unsettled: "not settled", compare.Untested: "not settled", compare.Lost: "start-up fails",
}

// verdict is the heading.
func (c *Change) verdict() string {
	answer, ok := c.answer()
	switch {
	case c.untouched():
		return "nothing measured differs"
	case !ok:
		return "nothing could be compared"
	}
	words := verdicts[answer.Verdict]
	if p := answer.Phase; p != nil && p.Difference.Percent != nil && p.Moved() {
		words += fmt.Sprintf(", %s %%", &p.Difference)
	}
	return words
}

// Text writes the comment's body: the verdict, the phases that moved, what differs, and one
// chart. The rest is folded.
func (c *Change) Text() (string, error) {
	body, err := c.body()
	if err != nil {
		return "", err
	}
	return fit(append([]section{{Marker(c.Workflow) + "\n", theLead}}, body...))
}

// Summary is the same for the summary of a workflow's job.
func (c *Change) Summary() (string, error) {
	body, err := c.body()
	if err != nil {
		return "", err
	}
	return fit(body)
}

func (c *Change) body() ([]section, error) {
	sections := []section{{c.lead(), theLead}, {c.missingList(), theMissing}}
	moved, err := c.movedTable()
	if err != nil {
		return nil, err
	}
	phases, err := c.phases()
	if err != nil {
		return nil, err
	}
	return notEmpty(append(sections,
		section{moved, theSummary}, section{c.differs(), theDifferences}, section{c.drifts(), theHistory},
		section{c.chart(), theChart},
		section{phases, thePhases}, section{c.notes(), theNotes})), nil
}

func (c *Change) lead() string {
	links := (&Content{Run: c.Run, Artifacts: c.Artifacts}).links()
	return fmt.Sprintf("### coldstart: %s\n\n%s\n\n%s%s\n", table.EscapeMarkdown(c.verdict(), aTitle),
		table.EscapeMarkdown(c.sentence(), 2*aSentence), c.origin(), links)
}

// origin says what was measured where.
func (c *Change) origin() string {
	const short = 12 // digits of a commit
	name := func(p *result.Plan) string { return fmt.Sprintf("%.*s", short, p.Commit) }
	text := fmt.Sprintf("A: base %s · B: head %s · engine %s", name(&c.Base.Plan), name(&c.Head.Plan), c.Base.Plan.Engine)
	var nodes []string
	for _, node := range c.Base.Plan.Nodes {
		nodes = append(nodes, node.Name)
	}
	if len(nodes) > 0 {
		text += ", in turns on " + strings.Join(nodes, ", ")
	}
	return table.EscapeMarkdown(text, aSentence)
}

// bullets are items as a list below a bold title; empty without any.
func bullets(title string, items []string, most int) string {
	if len(items) == 0 {
		return ""
	}
	var text strings.Builder
	if title != "" {
		fmt.Fprintf(&text, "\n**%s**\n\n", title)
	}
	first, more := firsts(items, most)
	for _, item := range first {
		fmt.Fprintf(&text, "* %s\n", table.EscapeMarkdown(item, 2*aSentence))
	}
	if more > 0 {
		fmt.Fprintf(&text, "* and %d more\n", more)
	}
	return text.String()
}

func (c *Change) missingList() string { return bullets("Missing", c.Missing(), mostMissing) }

// The longest lists of what differs between the sides, and of the history.
const (
	mostDifferences = 20
	mostDrifts      = 10
)

// differs lists what differs between the sides.
func (c *Change) differs() string {
	facts := compare.Declared(&c.Base.Plan, &c.Head.Plan)
	if c.Comparison != nil {
		facts = c.Comparison.Differs
	}
	var items []string
	for _, fact := range facts {
		items = append(items, fact.String())
	}
	return bullets("What differs", items, mostDifferences)
}

// drifts lists which of the measured phases have changed on the default branch, and when.
func (c *Change) drifts() string { return bullets("On the default branch", c.Drifts, mostDrifts) }

// notes are the fold of what was not compared, of warnings, and of how to read the numbers.
func (c *Change) notes() string {
	leftOut, warnings, how := []compare.LeftOut(nil), c.Base.Warnings, []string(nil)
	if c.Nothing != nil {
		leftOut = c.Nothing.LeftOut
	}
	if c.Comparison != nil {
		leftOut, how = c.Comparison.LeftOut, c.Comparison.Summary()
		warnings = append(c.Comparison.AllWarnings(), warnings...)
	}
	var lines []string
	for _, l := range leftOut {
		lines = append(lines, l.String())
	}
	text := bullets("Not compared", lines, mostMissing) + bullets("Warnings", warnings, mostMissing) +
		bullets("How to read this", how, mostMissing)
	if text == "" {
		return ""
	}
	return fold("Notes", strings.TrimPrefix(text, "\n"))
}
