package comment

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"coldstart/reports/figure"
	"coldstart/reports/table"
)

const (
	mostBars = 60 // of a chart; with more, the table is easier to read
	aLabel   = 36 // characters that fit beside the bars
)

// chart is a Mermaid chart of horizontal bars.
type chart struct {
	axis  string // title of the value axis, with the unit
	names []string
	bars  []float64 // this session
	line  []float64 // the paper; nil if it lacks a bar
}

// mermaid is a chart that GitHub draws: bars of the session's values, and a line of the
// paper's if it has all points. It is empty for a figure that Mermaid cannot draw.
func mermaid(d, paper *figure.Data) string {
	c := chartOf(d, paper)
	if len(c.names) == 0 || len(c.names) > mostBars || !drawable(c.bars) || !drawable(c.line) {
		return ""
	}
	return c.String()
}

func chartOf(d, paper *figure.Data) chart {
	c := chart{axis: d.YLabel}
	for _, s := range d.Series {
		for _, p := range s.Points {
			c.names = append(c.names, c.unused(bare(name(s, p))))
			c.bars = append(c.bars, p.Mean)
			if q, ok := paper.Point(s.Name, p.Key); ok {
				c.line = append(c.line, q.Mean)
			}
		}
	}
	if len(c.line) < len(c.bars) {
		c.line = nil
	}
	return c
}

// unused makes a name unique, because Mermaid draws bars of one name over each other.
func (c *chart) unused(name string) string {
	unused := name
	for n := 2; slices.Contains(c.names, unused); n++ {
		unused = fmt.Sprintf("%s (%d)", name, n)
	}
	return unused
}

// drawable reports that values are finite and not negative.
func drawable(values []float64) bool {
	for _, v := range values {
		if !(v >= 0) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

const legend = "\nBars: this session. Line: the paper.\n"

func (c chart) String() string {
	quoted := make([]string, len(c.names))
	for i, name := range c.names {
		quoted[i] = `"` + name + `"`
	}
	var text strings.Builder
	fmt.Fprintf(&text, heading, 80+24*len(c.names))
	fmt.Fprintf(&text, "    x-axis [%s]\n    y-axis \"%s\" 0 --> %s\n    bar %s\n",
		strings.Join(quoted, ", "), bare(c.axis), digits(c.end()), list(c.bars))
	if c.line == nil {
		return text.String() + "```\n"
	}
	return text.String() + "    line " + list(c.line) + "\n```\n" + legend
}

// heading sets the size in pixels, the height depending on the number of bars, and
// colours that are distinct on white and on black.
const heading = "```mermaid" + `
---
config:
  xyChart:
    width: 760
    height: %d
  themeVariables:
    xyChart:
      plotColorPalette: "#6c8ebf, #e07b39"
---
xychart-beta horizontal
`

// end is the end of the value axis, which begins at 0. By default, Mermaid begins it at
// the smallest value.
func (c chart) end() float64 {
	most := slices.Max(slices.Concat(c.bars, c.line))
	if most == 0 {
		return 1
	}
	return 1.05 * most
}

func list(values []float64) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = digits(v)
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// bare removes what Mermaid could read as syntax: the end of a string, an entity, a
// directive, a tag.
func bare(text string) string {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .,:+-_/()[]='*×±§…", r) || unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return r
		}
		return ' '
	}, table.OneLine(text, aSentence))
	if text = table.Cut(strings.Join(strings.Fields(text), " "), aLabel); text == "" {
		return "?"
	}
	return text
}
