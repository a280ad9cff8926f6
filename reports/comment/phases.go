package comment

import (
	"strings"

	"coldstart/reports/table"
)

// mostMovedRows of phases are shown.
const mostMovedRows = 30

// movedTable is the table of the phases that moved, and of those that decide.
func (c *Change) movedTable() (string, error) {
	if c.Comparison == nil {
		return "", nil
	}
	t := table.Table{
		Header: []string{"Configuration", "Phase", "Base (s)", "Head (s)", "Difference (%)", "p", "Verdict"},
		Align: []table.Align{
			table.Left, table.Left, table.Right, table.Right, table.Right, table.Right, table.Left,
		},
	}
	several := len(c.Comparison.Configurations) > 1
	for i := range c.Comparison.Configurations {
		configuration := &c.Comparison.Configurations[i]
		name := ""
		if several {
			name = configuration.Place() + ": " + configuration.Label
		}
		for j := range configuration.Phases {
			p := &configuration.Phases[j]
			if !p.Decides && !p.Moved() || len(t.Rows) == mostMovedRows {
				continue
			}
			words := p.Phase
			if p.Decides && p.IsWhole() {
				words = "whole start-up (" + words + ")"
			}
			t.Add(name, words, p.A.String(), p.B.String(), p.Difference.String(), p.PText(), c.Comparison.VerdictText(p))
		}
	}
	text, err := markdownTable(t)
	return "\n" + text, err
}

// phases is the fold of all phases.
func (c *Change) phases() (string, error) {
	if c.Comparison == nil {
		return "", nil
	}
	text, err := markdownTable(c.Comparison.Table())
	return fold("All phases", text), err
}

const (
	shownShare = 0.01 // of a start-up, from which a step has bars
	mostSteps  = 12
)

// chart shows the steps of the start-up that decides, with a bar for each side. Steps do
// not overlap. Small ones are left out unless they moved.
func (c *Change) chart() string {
	answer, _ := c.answer()
	if answer.Configuration == nil {
		return ""
	}
	drawn := chart{axis: "Time (s)"}
	for _, p := range answer.Configuration.Steps() {
		small := max(p.A.Mean, p.B.Mean) < shownShare*max(answer.Phase.A.Mean, answer.Phase.B.Mean)
		if small && !p.Moved() || len(drawn.names) == 2*mostSteps {
			continue
		}
		drawn.names = append(drawn.names, bare(p.Phase+", base"), bare(p.Phase+", head"))
		drawn.bars, drawn.heads = append(drawn.bars, p.A.Mean, 0), append(drawn.heads, 0, p.B.Mean)
	}
	if len(drawn.names) == 0 || !drawable(drawn.bars) || !drawable(drawn.heads) {
		return ""
	}
	title := strings.Join([]string{answer.Configuration.Place(), answer.Configuration.Label}, ": ")
	return "\n**" + table.EscapeMarkdown(title, aTitle) + "**\n\n" + drawn.String()
}
