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

// chart shows the steps of the start-up that decides over time, with a bar for each side.
func (c *Change) chart() string {
	answer, _ := c.answer()
	if answer.Configuration == nil {
		return ""
	}
	drawn := lanes(answer.Configuration.Steps(), max(answer.Phase.A.Mean, answer.Phase.B.Mean))
	if drawn == "" {
		return ""
	}
	title := strings.Join([]string{answer.Configuration.Place(), answer.Configuration.Label}, ": ")
	return "\n**" + table.EscapeMarkdown(title, aTitle) + "**\n\n" + drawn
}
