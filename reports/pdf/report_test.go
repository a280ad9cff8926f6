package pdf

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
)

// The cover tells measured numbers from others, and gives no date to what has none.
func TestCoverFacts(t *testing.T) {
	day := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		contents Contents
		want     [][2]string
	}{
		"measured": {
			Contents{Origin: result.Origin{Engine: "vllm", Session: "s1"}, Date: day},
			[][2]string{{"Numbers", "measured with vllm"}, {"Session", "s1"}, {"Date", "1 March 2026, 12:00 UTC"}},
		},
		"replayed": {
			Contents{Origin: result.Origin{Engine: "replay", Session: "paper"}, Date: day},
			[][2]string{{"Numbers", "replayed from the paper's recorded measurements"}, {"Session", "paper"}, {"Date", "1 March 2026, 12:00 UTC"}},
		},
		"found": {
			Contents{Origin: result.Origin{Engine: "logs", Session: "their/logs"}, Stamped: "stamped 02-09 16:09 to 02-13 10:22, year unknown"},
			[][2]string{{"Numbers", "from logs in their/logs, not measured by coldstart"}, {"Logs", "stamped 02-09 16:09 to 02-13 10:22, year unknown"}},
		},
		"found, under SOURCE_DATE_EPOCH": {
			Contents{Origin: result.Origin{Engine: "logs", Session: "their/logs"}, Stamped: "without time stamps", Date: day},
			[][2]string{{"Numbers", "from logs in their/logs, not measured by coldstart"}, {"Logs", "without time stamps"}, {"Date", "1 March 2026, 12:00 UTC"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			want := append(test.want, [2]string{"Figures", ""}, [2]string{"Complete", "yes"})
			if diff := cmp.Diff(want, coverFacts(&test.contents)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
