package reports

import (
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/segment"
	"coldstart/reports/table"
)

// OneWithNext stands for a segment whose end the log does not tell: the next one has its
// time.
const OneWithNext = "→"

// SegmentRows is a table of the segments of logs, one row per log, with the time to ready
// behind those up to it. Segments that no log has are left out. A log without segments has
// an empty row.
func SegmentRows(logs []phase.Log) table.Table {
	t := table.Table{Header: []string{"Log (times in s)", engineOf(logs)}, Align: []table.Align{table.Left, table.Left}}
	var columns [][]string
	add := func(name string, column []string) {
		if slices.ContainsFunc(column, func(cell string) bool { return cell != "" }) {
			t.Header, t.Align, columns = append(t.Header, name), append(t.Align, table.Right), append(columns, column)
		}
	}
	for of := range segment.FirstToken + 1 {
		var column, ready []string
		for i := range logs {
			column = append(column, segmentText(logs[i].Segments.Times(), of))
			ready = append(ready, readyText(&logs[i]))
		}
		if of == segment.FirstToken {
			add(segment.TimeToReady, ready)
		}
		name := segment.Time{First: of, Last: of}
		add(name.Name(), column)
	}
	names := shortNames(logs)
	for i := range logs {
		row := []string{names[i], logs[i].Release}
		for _, column := range columns {
			row = append(row, column[i])
		}
		t.Add(row...)
	}
	return t
}

// segmentText is the time of a segment; empty if it is not there.
func segmentText(all segment.Times, of int) string {
	for i := range all {
		switch t := &all[i]; {
		case t.First <= of && of < t.Last:
			return OneWithNext
		case of == t.Last:
			return secondsOf(t.Seconds())
		}
	}
	return ""
}

// readyText is the time to ready; empty if it is not known.
func readyText(log *phase.Log) string {
	if len(log.Segments) == 0 {
		return ""
	}
	return secondsOf(log.TimeToReady)
}

// RowsRemarks say what keeps the rows of logs from being compared.
func RowsRemarks(logs []phase.Log) (remarks []string) {
	var begins []string
	for i := range logs {
		if parts := logs[i].Segments.PartTimes(); len(logs[i].Segments) > 0 && logs[i].Segments[0].First() <= segment.FrontEnd {
			if begin := parts.Begin(); begin != "" && !slices.Contains(begins, begin) {
				begins = append(begins, begin)
			}
		}
	}
	if len(begins) > 1 {
		remarks = append(remarks, "front_end begins with the first line of a log, and here some logs begin with "+
			strings.Join(begins, ", others with "))
	}
	return remarks
}
