package reports

import (
	"slices"
	"strconv"

	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/reports/stat"
	"coldstart/reports/table"
)

// StartUp is a table of the segments of a configuration's start-ups with their parts indented
// below them, each with its mean over the runs that count and have it, the standard error, and
// the share of the time to ready. It is false if no run has segments.
func StartUp(cell *result.CellResult, configuration string) (t table.Table, ok bool) {
	t = table.Table{
		Header: []string{"Segment", "Time (s)", "± standard error", "Runs", "Share", ""},
		Align:  []table.Align{table.Left, table.Right, table.Right, table.Right, table.Right, table.Left},
	}
	segments, parts := newMeans(), map[string]*means{}
	var ready []float64
	for _, run := range cell.CountedRuns(configuration) {
		if len(run.Segments) == 0 {
			continue
		}
		for i := range run.Segments {
			name := run.Segments[i].Name()
			segments.add(name, run.Segments[i].Seconds())
			if parts[name] == nil {
				parts[name] = newMeans()
			}
			for _, p := range run.Parts.In(name) {
				parts[name].add(p.Name, p.Seconds)
			}
		}
		ready = append(ready, run.TimeToReady)
	}
	if len(ready) == 0 {
		return t, false
	}
	whole := stat.Summarize(ready)
	row := func(name string, sum stat.Summary) {
		share := sum.Mean / whole.Mean
		t.Add(name, secondsOf(sum.Mean), errorOf(sum), strconv.Itoa(sum.N), percent(share), bar(min(share, 1)))
	}
	for _, name := range segments.order {
		row(name, stat.Summarize(segments.of[name]))
		inside := parts[name]
		for i, part := range inside.order {
			row(branch(i, len(inside.order))+part, stat.Summarize(inside.of[part]))
		}
	}
	t.Add("time to ready", secondsOf(whole.Mean), errorOf(whole), strconv.Itoa(whole.N), "", "")
	return t, true
}

// branch is the begin of the row of a part, one of n below a segment.
func branch(i, n int) string {
	if i == n-1 {
		return "└ "
	}
	return "├ "
}

// means are the values of names, in the order in which they came, a rest last.
type means struct {
	order []string
	of    map[string][]float64
}

func newMeans() *means { return &means{of: map[string][]float64{}} }

func (m *means) add(name string, value float64) {
	if n := len(m.order); m.of[name] == nil && n > 0 && m.order[n-1] == segment.Rest {
		m.order = slices.Insert(m.order, n-1, name)
	} else if m.of[name] == nil {
		m.order = append(m.order, name)
	}
	m.of[name] = append(m.of[name], value)
}

// errorOf is a standard error, which one value has not.
func errorOf(s stat.Summary) string {
	if s.N < 2 {
		return ""
	}
	return secondsOf(s.StdErr)
}
