package comment

import (
	"fmt"
	"strings"

	"coldstart/reports/compare"
)

const (
	shownShare = 0.01 // of a start-up, from which a step has bars
	mostSteps  = 12
	longestEnd = 1e9 // s, of what is drawn
)

// lanes is a Mermaid chart of a start-up's steps over time. Each step has a lane with a bar for
// the base and one for the head; a bar begins where that side's step before ends. A step below
// shownShare of the whole start-up, in seconds, has no lane unless it moved. The chart is empty
// if Mermaid cannot draw it.
func lanes(steps []*compare.Phase, whole float64) string {
	var text strings.Builder
	var base, head float64 // where the step ends, in seconds
	drawn, longest := 0, 0
	for _, step := range steps {
		of := []float64{step.A.Mean, step.B.Mean}
		fromBase, fromHead := base, head
		base, head = base+of[0], head+of[1]
		if !drawable(of) || max(base, head) > longestEnd {
			return ""
		}
		if small := max(of[0], of[1]) < shownShare*whole; small && !step.Moved() || drawn == mostSteps {
			continue
		}
		name := bare(step.Phase)
		drawn, longest = drawn+1, max(longest, len(name))
		fmt.Fprintf(&text, "    section %s\n    base %.2f s :done, %.0f, %.0f\n    head %.2f s :%.0f, %.0f\n", name,
			of[0], 1000*fromBase, 1000*base, of[1], 1000*fromHead, 1000*head)
	}
	if drawn == 0 {
		return ""
	}
	return fmt.Sprintf(lanesHeading, 30+7*longest) + text.String() + "```\n"
}

// lanesHeading leaves room for the names of the lanes, in pixels. The dates of the chart are
// milliseconds, and its axis shows seconds.
const lanesHeading = "```mermaid" + `
---
config:
  gantt:
    leftPadding: %d
---
gantt
    dateFormat x
    axisFormat %%s s
    todayMarker off
`
