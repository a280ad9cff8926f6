package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"coldstart/reports/phase"
	"coldstart/reports/rank"
	"coldstart/reports/segment"
	"coldstart/reports/table"
)

// Tree is a table of a start-up's segments with their parts indented below them, each with
// its share of the time to ready, and the total last.
func Tree(log *phase.Log) table.Table {
	t := table.Table{
		Header: []string{"Segment", "Time (s)", "Share", ""},
		Align:  []table.Align{table.Left, table.Right, table.Right, table.Left},
		Spare:  []int{3},
	}
	add := func(name string, seconds float64) {
		share := seconds / log.TimeToReady
		t.Add(name, secondsOf(seconds), percent(share), bar(share))
	}
	for i := range log.Segments {
		s := &log.Segments[i]
		add(s.Name, s.Seconds())
		for j, p := range s.Parts {
			add(branch(j, len(s.Parts))+p.Name, p.Seconds)
		}
	}
	t.Add("time to ready", secondsOf(log.TimeToReady), "", "")
	return t
}

// mostNamed is how many segments the sentence names.
const mostNamed = 3

// Sentence says when a start-up, of several servers which, was ready and which segments took most of the time.
func Sentence(log *phase.Log) string {
	largest := slices.Clone(log.Segments)
	slices.SortStableFunc(largest, func(a, b segment.Segment) int { return int(b.Time - a.Time) })
	var most []string
	for _, s := range largest[:min(len(largest), mostNamed)] {
		most = append(most, fmt.Sprintf("%s (%.1f s, %s)", s.Name, s.Seconds(), percent(s.Seconds()/log.TimeToReady)))
	}
	sentence := fmt.Sprintf("ready after %.1f s; most in %s", log.TimeToReady, strings.Join(most, ", "))
	if log.Prefix != "" {
		return log.Prefix + ": " + sentence
	}
	return sentence
}

// Remarks say what else is to be known about a start-up's times: which rank they are of,
// and what part a second model has.
func Remarks(log *phase.Log) (remarks []string) {
	remarks = append(remarks, rank.OfLogs(*log).Words()...)
	if share := log.Segments.Unnamed() / log.TimeToReady; share > muchUnnamed && log.Engine == phase.VLLM && !log.Debug {
		remarks = append(remarks, percent(share)+
			" of the time has no finer name; vLLM logs more moments with the settings "+
			"that coldstart phases --logging-config FILE writes")
	}
	for p := range phase.All() {
		if seconds, ok := log.Drafter.Get(p); ok {
			all, _ := log.Times.Get(p)
			remarks = append(remarks, fmt.Sprintf("%v: the drafter took %.1f s of %.1f s", p, seconds, all))
		}
	}
	return remarks
}

// muchUnnamed is the share of the time without a part's name from which a hint is given.
const muchUnnamed = 0.1

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// barColumns is the length of a bar of the whole time to ready.
const barColumns = 25

func bar(share float64) string { return strings.Repeat("█", int(math.Round(share*barColumns))) }
