package comment

import (
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/table"
)

// A section is a part of the text. If the text is too long, sections are left out.
type section struct {
	text string
	help help // what the reader loses without it
}

// help is what a section is good for; the smallest is left out first.
type help int

const (
	aFigure help = iota
	theNotes
	thePhases
	theHardware
	theChart
	thePaper
	theHistory
	theFindings
	theMissing
	theDifferences
	theSummary
	theLead // never left out
)

// Text writes the comment's body: the lead, one chart, then each figure, folded, then the
// hardware.
// If it is longer than longest, the least helpful parts are left out, and the text says
// so.
func (c *Content) Text() (string, error) {
	sections, err := c.sections()
	if err != nil {
		return "", err
	}
	return fit(sections)
}

// fit joins sections, without the least helpful ones if the text is too long.
func fit(sections []section) (string, error) {
	lost := map[help]int{}
	for length(sections)+len(lostWords(lost)) > longest {
		i := leastHelpful(sections)
		if i < 0 {
			return "", fmt.Errorf("the comment has %d bytes and nothing more can be left out; GitHub accepts %d",
				length(sections), longest)
		}
		lost[sections[i].help]++
		sections = slices.Delete(sections, i, i+1)
	}
	return join(sections) + lostWords(lost), nil
}

func (c *Content) sections() ([]section, error) {
	sections := []section{{c.lead(), theLead}, {c.missing(), theMissing}, {c.avoidable(), theFindings}}
	summary, err := c.summary()
	if err != nil {
		return nil, err
	}
	sections = append(sections, section{summary, theSummary}, section{c.chart(), theChart})
	paper, err := c.besideThePaper()
	if err != nil {
		return nil, err
	}
	sections = append(sections, section{paper, thePaper})
	for _, d := range c.Report.Figures {
		numbers, err := c.numbers(d)
		if err != nil {
			return nil, err
		}
		sections = append(sections, section{numbers, aFigure})
	}
	hardware, err := markdownTable(c.Report.Hardware())
	if err != nil {
		return nil, err
	}
	sections = append(sections, section{fold("Hardware", hardware), theHardware})
	return notEmpty(sections), nil
}

func notEmpty(sections []section) []section {
	return slices.DeleteFunc(sections, func(s section) bool { return s.text == "" })
}

// leastHelpful is the section to leave out next: the last of the least helpful; -1 if only
// the lead is left.
func leastHelpful(sections []section) int {
	least := -1
	for i, s := range sections {
		if s.help != theLead && (least < 0 || s.help <= sections[least].help) {
			least = i
		}
	}
	return least
}

func length(sections []section) (bytes int) {
	for _, s := range sections {
		bytes += len(s.text)
	}
	return bytes
}

func join(sections []section) string {
	var text strings.Builder
	for _, s := range sections {
		text.WriteString(s.text)
	}
	return text.String()
}

// lostWords say what was left out; empty if nothing.
func lostWords(lost map[help]int) string {
	words := map[help]string{
		aFigure:        "the numbers of " + table.Count(lost[aFigure], "figure"),
		theNotes:       "the notes",
		thePhases:      "the table of all phases",
		theHardware:    "the hardware table",
		theChart:       "the chart",
		thePaper:       "the comparison with the paper",
		theHistory:     "the history",
		theFindings:    "the findings",
		theMissing:     "the list of what is missing",
		theDifferences: "the list of what differs",
		theSummary:     "the table",
	}
	var left []string
	for h := range theLead {
		if lost[h] > 0 {
			left = append(left, words[h])
		}
	}
	if len(left) == 0 {
		return ""
	}
	if last := len(left) - 1; last > 0 {
		left = append(left[:last-1], left[last-1]+" and "+left[last])
	}
	return fmt.Sprintf("\nLeft out for length: %s. The report has everything.\n", strings.Join(left, ", "))
}

// firsts are the first items, and the number of the others.
func firsts[T any](items []T, most int) (first []T, more int) {
	first = slices.Clip(items[:min(len(items), most)])
	return first, len(items) - len(first)
}
