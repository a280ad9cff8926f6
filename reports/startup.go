package reports

import (
	"strconv"

	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/table"
)

// StartUp is a table of the segments of a configuration's start-ups, each with its mean over
// the runs that count, the standard error, and the share of the time to ready. It is false if
// no run has segments.
func StartUp(cell *result.CellResult, configuration string) (t table.Table, ok bool) {
	t = table.Table{
		Header: []string{"Segment", "Time (s)", "± standard error", "Runs", "Share", ""},
		Align:  []table.Align{table.Left, table.Right, table.Right, table.Right, table.Right, table.Left},
	}
	var order []string
	seconds := map[string][]float64{}
	var ready []float64
	for _, run := range cell.CountedRuns(configuration) {
		if len(run.Segments) == 0 {
			continue
		}
		for j := range run.Segments {
			name := run.Segments[j].Name()
			if seconds[name] == nil {
				order = append(order, name)
			}
			seconds[name] = append(seconds[name], run.Segments[j].Seconds())
		}
		ready = append(ready, run.TimeToReady)
	}
	if len(ready) == 0 {
		return t, false
	}
	whole := stat.Summarize(ready)
	for _, name := range order {
		sum := stat.Summarize(seconds[name])
		share := sum.Mean / whole.Mean
		t.Add(name, secondsOf(sum.Mean), errorOf(sum), strconv.Itoa(sum.N), percent(share), bar(min(share, 1)))
	}
	t.Add("time to ready", secondsOf(whole.Mean), errorOf(whole), strconv.Itoa(whole.N), "", "")
	return t, true
}

// errorOf is a standard error, which one value has not.
func errorOf(s stat.Summary) string {
	if s.N < 2 {
		return ""
	}
	return secondsOf(s.StdErr)
}
