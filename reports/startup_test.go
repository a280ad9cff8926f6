package reports_test

import (
	"strings"
	"testing"
	"time"

	"coldstart/reports"
	"coldstart/reports/result"
	"coldstart/reports/segment"
)

// Segments and their parts are averaged over the runs that count, each over those that have it.
func TestStartUp(t *testing.T) {
	run := func(iteration int, seconds ...int) result.Run {
		r := result.Run{Iteration: iteration, Configuration: "mine"}
		for i, s := range seconds {
			r.Segments = append(r.Segments, segment.Time{
				First: segment.FrontEnd + i, Last: segment.FrontEnd + i, Took: time.Duration(s) * time.Second,
			})
		}
		r.TimeToReady = r.Segments.ToReady()
		return r
	}
	failed := run(3, 50)
	failed.Failed = "it failed"
	cell := &result.CellResult{Runs: []result.Run{run(0, 90, 90), run(1, 1, 3), run(2, 3, 3), failed}}
	part := func(name string, seconds float64) segment.PartTime {
		return segment.PartTime{Of: "worker_setup", Name: name, Seconds: seconds}
	}
	cell.Runs[1].Parts = segment.PartTimes{part("worker_process", 2), part(segment.Rest, 1)}
	cell.Runs[2].Parts = segment.PartTimes{part("worker_process", 1), part("distributed_init", 1), part(segment.Rest, 1)}
	shown, ok := reports.StartUp(cell, "mine")
	if !ok {
		t.Fatal("nothing to show")
	}
	var text strings.Builder
	if err := shown.Markdown(&text); err != nil {
		t.Fatal(err)
	}
	const want = `
| Segment            | Time (s) | ± standard error | Runs | Share |                 |
|:-------------------|---------:|-----------------:|-----:|------:|:----------------|
| front_end          |    2.000 |            1.000 |    2 |  40 % | ██████████      |
| worker_setup       |    3.000 |            0.000 |    2 |  60 % | ███████████████ |
| ├ worker_process   |    1.500 |            0.500 |    2 |  30 % | ████████        |
| ├ distributed_init |    1.000 |                  |    1 |  20 % | █████           |
| └ rest             |    1.000 |            0.000 |    2 |  20 % | █████           |
| time to ready      |    5.000 |            1.000 |    2 |       |                 |
`
	if "\n"+text.String() != want {
		t.Errorf("got\n%s\nwant%s", text.String(), want)
	}
	if _, ok := reports.StartUp(cell, "another"); ok {
		t.Error("a configuration without runs has a table")
	}
}
