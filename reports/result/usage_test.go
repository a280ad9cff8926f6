package result_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
)

// Samples are the same after writing and reading them.
func TestCPUUsageRoundTrip(t *testing.T) {
	tests := []struct {
		name  string
		usage result.CPUUsage
		csv   string
	}{
		{
			"two cores, ten times a second",
			result.CPUUsage{Interval: 0.1, Samples: [][]float64{{0, 100}, {12.5, 0.25}, {3, 4}}},
			"time_s,core0,core1\n0,0,100\n0.1,12.5,0.25\n0.2,3,4\n",
		},
		{
			"another interval",
			result.CPUUsage{Interval: 0.25, Samples: [][]float64{{1}, {2}}},
			"time_s,core0\n0,1\n0.25,2\n",
		},
		{"no sample at all", result.CPUUsage{Interval: result.DefaultInterval}, "time_s\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var text bytes.Buffer
			if err := test.usage.WriteCSV(&text); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.csv, text.String()); diff != "" {
				t.Errorf("CSV (-want +got):\n%s", diff)
			}
			got, err := result.ReadCPUUsage(&text, "x.csv")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.usage, got); diff != "" {
				t.Errorf("read back (-want +got):\n%s", diff)
			}
		})
	}
}

// The error of a file that is not a table of samples has its line and column.
func TestReadCPUUsageRefuses(t *testing.T) {
	tests := []struct{ name, csv, want string }{
		{"nothing", "", "x.csv:1:1: the first line must be time_s,core0,core1,…"},
		{"another table", "core0,core1\n1,2\n", "x.csv:1:1: the first line must be time_s,core0,core1,…"},
		{"a word for a number", "time_s,core0,core1\n0,1,2\n0.1,3,busy\n", `x.csv:3:7: "busy" is not a number of seconds or percent`},
		{"an empty field", "time_s,core0\n0,\n", `x.csv:2:3: "" is not a number of seconds or percent`},
		{"what no chart can show", "time_s,core0\n0,NaN\n", `x.csv:2:3: "NaN" is not a number of seconds or percent`},
		{"less than idle", "time_s,core0\n0,-1\n", `x.csv:2:3: "-1" is not a number of seconds or percent`},
		{"beyond all bounds", "time_s,core0\n1e300,1\n", `x.csv:2:1: "1e300" is not a number of seconds or percent`},
		{"a core too few", "time_s,core0,core1\n0,1,2\n0.1,1\n", "x.csv:3:1: wrong number of fields"},
		{"a quote amid a field", "time_s,core0\n0,1\"2\n", `x.csv:2:4: bare " in non-quoted-field`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := result.ReadCPUUsage(strings.NewReader(test.csv), "x.csv"); err == nil || err.Error() != test.want {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
		})
	}
}
