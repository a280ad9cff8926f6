package reports

import (
	"strconv"

	"coldstart/reports/phase"
	"coldstart/reports/table"
)

// Findings is a table of what a log tells of avoidable work, with its share of the time to
// ready.
func Findings(log *phase.Log) table.Table {
	t := table.Table{
		Header: []string{"Finding", "Line", "Time (s)", "Share", "Meaning"},
		Align:  []table.Align{table.Left, table.Right, table.Right, table.Right, table.Left},
	}
	for _, f := range log.Findings {
		t.Add(f.Name, strconv.Itoa(f.Line), knownSeconds(f.Seconds), shareOf(f.Seconds, log.TimeToReady), f.Meaning)
	}
	return t
}

// knownSeconds is empty for a time that is not known.
func knownSeconds(seconds float64) string {
	if seconds == 0 {
		return ""
	}
	return secondsOf(seconds)
}

// shareOf is empty if one of two times is not known.
func shareOf(part, whole float64) string {
	if part == 0 || whole == 0 {
		return ""
	}
	return percent(part / whole)
}
