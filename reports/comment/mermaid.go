package comment

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"coldstart/reports/figure"
)

const (
	// mostBars bounds a chart: with more, a reader is better served by the table.
	mostBars = 60
	// aLabel is how many characters fit beside the bars.
	aLabel = 36
)

// chart is a Mermaid chart of bars that lie, so that their labels have room.
type chart struct {
	axis  string // title of the axis of values, with the unit
	names []string
	bars  []float64 // the session's
	line  []float64 // the paper's; nil where it lacks one of them
}

// mermaid is a figure as a chart that GitHub draws itself: bars of the session's
// values, and a line of the paper's where it has all of the same points. It is
// empty for a figure that cannot be drawn so.
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

// unused makes a name unlike those before it: Mermaid draws bars of one name
// over each other.
func (c *chart) unused(name string) string {
	unused := name
	for n := 2; slices.Contains(c.names, unused); n++ {
		unused = fmt.Sprintf("%s (%d)", name, n)
	}
	return unused
}

// drawable tells that values are lengths of bars.
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

// heading sets the size in pixels, the height by the number of bars, and colours
// that can be told apart on white and on black.
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

// end is where the axis of values ends. Mermaid would have it begin at the least
// value, where a bar has no length.
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

// bare is a text without what Mermaid could take for its own syntax: the end of
// a string, an entity, a directive, a tag.
func bare(text string) string {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .,:+-_/()[]='*×±§…", r) || unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return r
		}
		return ' '
	}, plain(text, aSentence))
	if text = cut(strings.Join(strings.Fields(text), " "), aLabel); text == "" {
		return "?"
	}
	return text
}
