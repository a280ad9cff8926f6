package comment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/figure"
	"coldstart/reports/reproduction"
	"coldstart/reports/table"
)

// The longest lists. The text gives only the number of the entries left out.
const (
	mostMoved   = 20
	mostMissing = 20
)

// lead says whether the report is complete and which figures differ from the paper's.
func (c *Content) lead() string {
	return fmt.Sprintf("%s\n### coldstart: %s\n\n%s · %s%s\n\n%s",
		Marker(c.Workflow), c.state(), table.Count(len(c.Report.Figures), "figure"), c.origin(), c.links(), c.moved())
}

// origin says where the numbers come from.
func (c *Content) origin() string {
	origin := c.Report.Results.Plan.Origin()
	if origin.Found() {
		origin.Session = table.Cut(origin.Session, aName) // so that the end of the sentence stays
		return table.EscapeMarkdown(origin.String()+", "+c.Report.Results.Stamped, aSentence)
	}
	served := ""
	if origin.Served {
		served = ", served"
	}
	engine, session := table.EscapeMarkdown(origin.Engine, aName), table.EscapeMarkdown(origin.Session, aName)
	return fmt.Sprintf("engine %s%s · session %s", engine, served, session)
}

func (c *Content) state() string {
	if c.Report.Complete() {
		return "complete"
	}
	return fmt.Sprintf("incomplete (%s)", table.Part(c.Report.Incomplete(), len(c.Report.Figures), "figure"))
}

func (c *Content) links() (links string) {
	if c.Run != "" {
		links += fmt.Sprintf(" · [run](%s)", c.Run)
	}
	if c.Artifacts != "" {
		links += fmt.Sprintf(" · [artifacts](%s)", c.Artifacts)
	}
	return links
}

// movement is a figure that differs from the paper's.
type movement struct {
	data *figure.Data
	reproduction.Comparison
}

// moved lists the figures that differ from the paper's, the largest difference first.
func (c *Content) moved() string {
	if c.replayed() {
		return "Replayed, not measured: these are the paper's own numbers.\n"
	}
	moved, compared := c.movements()
	switch {
	case compared == 0:
		return "There is nothing to compare with the paper's numbers.\n"
	case len(moved) == 0:
		return fmt.Sprintf("%s compared: none differs from the paper's by more than noise and %.0f %%.\n",
			table.Count(compared, "figure"), 100*reproduction.Smallest)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s compared: **%d %s** from the paper's (95 %% interval in brackets):\n\n",
		table.Count(compared, "figure"), len(moved), table.Agree(len(moved), "differs", "differ"))
	first, more := firsts(moved, mostMoved)
	for _, m := range first {
		number, title := table.EscapeMarkdown(m.data.Number(), aName), table.EscapeMarkdown(c.Report.Title(m.data), aTitle)
		fmt.Fprintf(&text, "* **%s** Figure %s, %s (%s)\n", &m, number, title, m.Certainty())
	}
	if more > 0 {
		fmt.Fprintf(&text, "* and %d more, by less\n", more)
	}
	return text.String()
}

func (c *Content) movements() (moved []movement, compared int) {
	for _, d := range c.Report.Figures {
		change, ok := reproduction.Compare(d, c.paper(d))
		if !ok {
			continue
		}
		compared++
		if change.Moved() {
			moved = append(moved, movement{d, change})
		}
	}
	slices.SortStableFunc(moved, func(a, b movement) int { return cmp.Compare(b.Distance(), a.Distance()) })
	return moved, compared
}

// missing lists what the figures lack; empty if nothing.
func (c *Content) missing() string {
	var lines []string
	for _, d := range c.Report.Figures {
		for _, m := range d.Missing {
			number, missing := table.EscapeMarkdown(d.Number(), aName), table.EscapeMarkdown(m, aSentence)
			lines = append(lines, fmt.Sprintf("* Figure %s: %s\n", number, missing))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	lines, more := firsts(lines, mostMissing)
	if more > 0 {
		lines = append(lines, fmt.Sprintf("* and %d more\n", more))
	}
	return "\n**Missing**\n\n" + strings.Join(lines, "")
}
