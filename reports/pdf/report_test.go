package pdf

import (
	"bytes"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// The first page gives no date to what has none, and no session to found logs.
func TestFacts(t *testing.T) {
	day := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		contents Contents
		want     [][2]string
	}{
		"a session": {
			Contents{Origin: result.Origin{Engine: "vllm", Session: "s1"}, Date: day, Nodes: [][2]string{{"n1", "H100"}}},
			[][2]string{{"Session", "s1"}, {"Date", "1 March 2026, 12:00 UTC"}, {"Node", "n1 · H100"}, {"Complete", "yes"}},
		},
		"found": {
			Contents{Origin: result.Origin{Engine: "logs", Session: "their/logs"}, Stamped: "stamped 02-09 16:09 to 02-13 10:22, year unknown"},
			[][2]string{{"Logs", "stamped 02-09 16:09 to 02-13 10:22, year unknown"}, {"Complete", "yes"}},
		},
		"found, under SOURCE_DATE_EPOCH": {
			Contents{Origin: result.Origin{Engine: "logs", Session: "their/logs"}, Stamped: "without time stamps", Date: day},
			[][2]string{{"Logs", "without time stamps"}, {"Date", "1 March 2026, 12:00 UTC"}, {"Complete", "yes"}},
		},
		"a figure lacks something": {
			Contents{Figures: []*figure.Data{{Name: "figure7"}}, Absent: []string{"Figure 9: nothing was measured"}},
			[][2]string{{"Session", ""}, {"Complete", "no: parts are missing from figure 7"}},
		},
		"a figure is not drawn": {
			Contents{Absent: []string{"Figure 9: nothing was measured"}},
			[][2]string{{"Session", ""}, {"Complete", "no: 1 figure could not be drawn"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, facts(&test.contents)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Every page tells measured numbers from others.
func TestSourceOfEveryPage(t *testing.T) {
	for origin, want := range map[result.Origin]string{
		{Engine: "vllm", Session: "s1"}:           "measured with vllm · session s1",
		{Engine: result.Replay, Session: "paper"}: "replayed from the paper's recorded measurements · session paper",
		{Engine: result.Logs, Session: "a/b"}:     "from logs in a/b, not measured by coldstart",
	} {
		if got := source(origin); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A row about a figure that is drawn leads to it; others do not.
func TestRowsLeadToFigures(t *testing.T) {
	r := sample(t)
	r.Glance = table.Table{Header: []string{"Figure", "Shows"}}
	r.Glance.Add("2", "a start-up")
	r.Glance.Add("16", "nothing")
	r.Glance.Add("17", "a prediction")
	var b bytes.Buffer
	if err := Report(&b, r); err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`/Subtype /Link .*/Dest \[(\d+) 0 R`).FindAllSubmatch(b.Bytes(), -1)
	if len(links) != 2 || bytes.Equal(links[0][1], links[1][1]) {
		t.Errorf("got links to the pages %s, want two pages", links)
	}
}
