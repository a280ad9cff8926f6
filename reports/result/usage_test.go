package result_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
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

// Long samplings are thinned to what a chart can show, and no sample is lost in the mean.
func TestThin(t *testing.T) {
	tests := []struct {
		name                    string
		moments, cores          int
		merged, left            int
		interval, first, middle float64 // of the samples 0, 1, 2, …
	}{
		{"none", 0, 0, 1, 0, 0.1, 0, 0},
		{"as the paper's", 258, 64, 1, 258, 0.1, 0, 129},
		{"just as many as fit", 1200, 2, 1, 1200, 0.1, 0, 600},
		{"one more", 1201, 2, 2, 601, 0.2, 0.5, 600.5},
		{"30 minutes", 18000, 4, 15, 1200, 1.5, 7, 9007},
		{"more cores than samples fit", 40, 150_000, 2, 20, 0.2, 0.5, 20.5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			usage := &result.CPUUsage{Interval: 0.1}
			for moment := range test.moments {
				usage.Samples = append(usage.Samples, slices.Repeat([]float64{float64(moment)}, test.cores))
			}
			cut := usage.Thin("x.csv")
			want := []string{fmt.Sprintf("x.csv: %d samples of each core are more than a chart can show; each %d are shown as their mean", test.moments, test.merged)}
			if test.merged == 1 {
				want = nil
			}
			if !slices.Equal(cut, want) || len(usage.Samples) != test.left || math.Abs(usage.Interval-test.interval) > 1e-9 {
				t.Fatalf("%q, %d are left at %v s", cut, len(usage.Samples), usage.Interval)
			}
			if test.left == 0 {
				return
			}
			if first, middle := usage.Samples[0][0], usage.Samples[test.left/2][test.cores-1]; first != test.first || middle != test.middle {
				t.Errorf("the first is %v, the middle %v", first, middle)
			}
		})
	}
}

// The largest sampling that is kept can be read back.
func TestLargestCPUUsage(t *testing.T) {
	usage := &result.CPUUsage{Interval: 0.1}
	row := slices.Repeat([]float64{100.0 / 3}, 2500)
	usage.Samples = slices.Repeat([][]float64{row}, 4000)
	usage.Thin("")
	plan := &result.Plan{Schema: result.Schema, Session: "s1", Engine: "vllm", Cells: []result.Cell{{ID: "figure12-n1", Node: "n1"}}}
	root := t.TempDir()
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	cell := directory.Cell(plan.Cells[0])
	if err := errors.Join(cell.CPUUsage(usage), cell.Write()); err != nil {
		t.Fatal(err)
	}
	results, err := result.Read(root)
	if err != nil || results.Cells["figure12-n1"] == nil {
		t.Errorf("%v, warnings %q", err, results.Warnings)
	}
}
