package comment

import (
	"fmt"
	"slices"
	"strings"
)

// A section is a part of the text in its forms, the longest first. If the text is too
// long, a shorter form is used, and finally none.
type section []form

type form struct {
	text string
	help help // what the reader loses with the next form
}

// help is what a form is good for; the smallest is left out first.
type help int

const (
	aChart help = iota
	aFigure
	theHardware
	thePaper
	theMissing
	theSummary
	theLead // never left out
)

// Text writes the comment's body: the lead, then each figure, folded, then the hardware.
// If it is longer than Longest, the least helpful parts are left out, and the text says
// so.
func (c *Content) Text() (string, error) {
	sections, err := c.sections()
	if err != nil {
		return "", err
	}
	lost := map[help]int{}
	for length(sections)+len(lostWords(lost)) > Longest {
		i := leastHelpful(sections)
		if i < 0 {
			return "", fmt.Errorf("the comment has %d bytes and nothing more can be left out; GitHub accepts %d",
				length(sections), Longest)
		}
		lost[sections[i][0].help]++
		sections[i] = sections[i][1:]
	}
	return join(sections) + lostWords(lost), nil
}

func (c *Content) sections() ([]section, error) {
	lead := section{{c.lead(), theLead}}
	sections := []section{lead}
	if missing := c.missing(); missing != "" {
		sections = append(sections, section{{missing, theMissing}})
	}
	summary, err := c.summary()
	if err != nil {
		return nil, err
	}
	sections = append(sections, section{{summary, theSummary}})
	paper, err := c.besideThePaper()
	if err != nil {
		return nil, err
	}
	sections = append(sections, paper)
	for _, d := range c.Report.Figures {
		s, err := c.figureSection(d)
		if err != nil {
			return nil, err
		}
		sections = append(sections, s)
	}
	hardware, err := markdownTable(c.Report.Hardware())
	if err != nil {
		return nil, err
	}
	return append(sections, section{{fold("Hardware", hardware), theHardware}}), nil
}

// leastHelpful is the section to shorten next: the last of the least helpful; -1 if only
// the lead is left.
func leastHelpful(sections []section) int {
	least := -1
	for i, s := range sections {
		if len(s) > 0 && s[0].help != theLead && (least < 0 || s[0].help <= sections[least][0].help) {
			least = i
		}
	}
	return least
}

func length(sections []section) (bytes int) {
	for _, s := range sections {
		bytes += len(s.text())
	}
	return bytes
}

func join(sections []section) string {
	var text strings.Builder
	for _, s := range sections {
		text.WriteString(s.text())
	}
	return text.String()
}

func (s section) text() string {
	if len(s) == 0 {
		return ""
	}
	return s[0].text
}

// lostWords say what was left out; empty if nothing.
func lostWords(lost map[help]int) string {
	words := map[help]string{
		aChart:      "the charts of " + figures(lost[aChart]),
		aFigure:     "the numbers of " + figures(lost[aFigure]),
		theHardware: "the hardware table",
		thePaper:    "the comparison with the paper",
		theMissing:  "the list of what is missing",
		theSummary:  "the table of figures",
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

func figures(n int) string {
	if n == 1 {
		return "1 figure"
	}
	return fmt.Sprintf("%d figures", n)
}
