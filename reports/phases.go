package reports

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/table"
)

// fewLogs is the greatest number of logs with a column each.
const fewLogs = 4

// Phases is a table of the phases of logs: few logs have a column each, many a row each. If
// none of few came up, the phases that none reached are left out.
func Phases(logs []phase.Log) table.Table {
	if len(logs) > fewLogs {
		return logRows(logs)
	}
	t := table.Table{Header: []string{"Phase (s)"}, Align: []table.Align{table.Left}}
	release := []string{engineOf(logs)}
	names := shortNames(logs)
	for i := range logs {
		t.Header = append(t.Header, names[i])
		t.Align = append(t.Align, table.Right)
		release = append(release, logs[i].Release)
	}
	t.Add(release...)
	cameUp := slices.ContainsFunc(logs, func(l phase.Log) bool { return l.Complete })
	for p := range phase.All() {
		if !cameUp && !slices.ContainsFunc(logs, func(l phase.Log) bool { return l.Times.Has(p) }) {
			continue
		}
		row := []string{p.String()}
		for i := range logs {
			row = append(row, secondsText(&logs[i].Times, p))
		}
		t.Add(row...)
	}
	return t
}

// engineOf heads the releases of logs. A log that cannot be read has no engine.
func engineOf(logs []phase.Log) string {
	if slices.ContainsFunc(logs, func(l phase.Log) bool { return l.Engine != phase.VLLM && l.Engine != "" }) {
		return "release"
	}
	return phase.VLLM
}

// shortNames are the logs' names without their common directory.
func shortNames(logs []phase.Log) []string {
	common := filepath.Dir(logs[0].Name)
	for _, log := range logs {
		for common != "." && common != "/" && !strings.HasPrefix(log.Name, common+"/") {
			common = filepath.Dir(common)
		}
	}
	names := make([]string, len(logs))
	for i, log := range logs {
		names[i] = strings.TrimPrefix(log.Title(), common+"/")
	}
	return names
}

// sums are the phases in a row of logRows, with their headings.
var sums = []struct {
	phase   phase.Phase
	heading string
}{
	{phase.FrameworkBootstrap, "bootstrap"}, {phase.TokenizerInit, "tokenizer"}, {phase.ModelLoading, "model loading"},
	{phase.InitEngine, "init engine"}, {phase.TotalTime, "total"}, {phase.ActualTotalTime, "actual total"},
	{phase.InitializeEngine, "initialize engine"},
}

// logRows has one row per log. --json has all phases.
func logRows(logs []phase.Log) table.Table {
	t := table.Table{Header: []string{"Log", engineOf(logs)}, Align: []table.Align{table.Left, table.Left}}
	for _, sum := range sums {
		t.Header, t.Align = append(t.Header, sum.heading+" (s)"), append(t.Align, table.Right)
	}
	names := shortNames(logs)
	for i := range logs {
		row := []string{names[i], logs[i].Release}
		for _, sum := range sums {
			row = append(row, secondsText(&logs[i].Times, sum.phase))
		}
		t.Add(row...)
	}
	return t
}

// secondsText is empty for an absent phase.
func secondsText(t *phase.Times, p phase.Phase) string {
	seconds, ok := t.Get(p)
	if !ok {
		return ""
	}
	return secondsOf(seconds)
}

func secondsOf(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 3, 64) }

// OtherSpans is a remark on the paper's phases of a log that cover another time than the
// segment or part of the same name.
func OtherSpans(log *phase.Log) (remarks []string) {
	var other []string
	for p := range phase.All() {
		of, ok := log.Times.Get(p)
		name := p.String()
		if seconds, named := log.Segments.Named(name); ok && named && secondsOf(seconds) != secondsOf(of) {
			other = append(other, name+" "+secondsOf(seconds)+" s")
		}
	}
	if len(other) > 0 {
		remarks = append(remarks, "segments and parts of the same name measure other spans: "+strings.Join(other, ", "))
	}
	return remarks
}
