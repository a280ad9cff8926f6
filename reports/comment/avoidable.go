package comment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coldstart/reports"
	"coldstart/reports/table"
)

const (
	leastShare   = 0.1 // of a model's start-up that is worth a line here
	mostFindings = 20
)

// avoidable lists the findings that take much of a model's start-up, the largest share
// first. It is empty for the paper's own runs.
func (c *Content) avoidable() string {
	if c.replayed() {
		return ""
	}
	all := slices.DeleteFunc(c.Report.Avoidable(), func(a reports.Avoidable) bool { return !(a.Share >= leastShare) })
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b reports.Avoidable) int { return cmp.Compare(b.Share, a.Share) })
	var text strings.Builder
	text.WriteString("\n**Avoidable**\n\n")
	first, more := firsts(all, mostFindings)
	for _, a := range first {
		model, name := table.EscapeMarkdown(a.Model, aName), table.EscapeMarkdown(a.Finding.Name, aName)
		fmt.Fprintf(&text, "* %s: %s, %.1f s, %.0f %% of the start, in %d of %s: %s\n", model, name, a.Finding.Seconds,
			100*a.Share, a.Runs, table.Count(a.All, "run"), table.EscapeMarkdown(a.Finding.Meaning, aSentence))
	}
	if more > 0 {
		fmt.Fprintf(&text, "* and %d more\n", more)
	}
	return text.String()
}
