package compare

import (
	"fmt"

	"coldstart/reports/table"
)

// warnMixed warns of a side whose runs differ in settings or findings: its mean describes none
// of them. Logs of one model may have several settings, and only some of them a cold cache.
func (c *Configuration) warnMixed(side string, r *runs) {
	if names := r.varying(); len(names) > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("the runs of %s have different settings, and its mean mixes them: %s",
			side, table.First(names, mostNames)))
	}
	if len(r.beginnings()) > 1 { // some logs may lack the lines that tell of a finding
		return
	}
	for _, name := range r.findings() {
		n := 0
		for _, run := range r.counted {
			if has(name)(run) == "yes" {
				n++
			}
		}
		if n < len(r.counted) {
			c.Warnings = append(c.Warnings, fmt.Sprintf("%s of %s %s the finding %s: its mean mixes both kinds",
				table.Part(n, len(r.counted), "run"), side, table.Agree(n, "has", "have"), name))
		}
	}
}

// mostNames is the greatest number of settings that a warning names.
const mostNames = 3
