package result_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// FuzzReadDocument: for any cell.json, reading a session does not panic, and the cell
// counts, is not in the plan, or has a warning.
func FuzzReadDocument(f *testing.F) {
	document, err := os.ReadFile("testdata/session/cells/figure7-n1/cell.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(document)
	f.Add(document[:len(document)/2])
	f.Add([]byte(`{"schema":1,"session":"s1","cell":{"id":"figure7-n1"},"cpu_usage":"../plan.json"}`))
	f.Add([]byte(`{"schema":1,"session":"s1","cell":{"id":"elsewhere"}}`))
	f.Add([]byte(`{"schema":1,"session":"s1","cell":{"id":"figure7-n1"},"runs":[{"seconds":{"load_weights":"1"}}]}`))
	f.Add([]byte(`{"schema":1,"session":"s1","cell":{"id":"figure7-n1"},"runs":[{"segments":{"front_end":1,"model_loading":null}}]}`))
	f.Add([]byte(`{"schema":1e99}`))
	f.Add([]byte("\x00[[[["))
	root := f.TempDir()
	if _, err := result.Create(root, smallPlan("s1")); err != nil {
		f.Fatal(err)
	}
	testkit.WriteFiles(f, root, map[string]string{"cells/figure7-n1/cpu_usage.csv": "time_s,core0\n0,1\n"})
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(filepath.Join(root, "cells/figure7-n1/cell.json"), data, 0o644); err != nil {
			t.Fatal(err)
		}
		results, err := result.Read(root)
		if err != nil {
			t.Fatal(err)
		}
		counts := len(results.Cells) > 0
		if cell := results.Cells["figure7-n1"]; counts && (cell == nil || cell.Session != "s1" || cell.Schema != result.Schema) {
			t.Errorf("counts as %+v", results.Cells)
		}
		if !counts && len(results.Warnings) == 0 && !bytes.Contains(data, []byte("ession")) {
			t.Error("left out without a word")
		}
	})
}

// FuzzReadCPUUsage: for any bytes, reading does not panic, a chart can show every number,
// and the samples are the same after writing and reading them.
func FuzzReadCPUUsage(f *testing.F) {
	f.Add([]byte("time_s,core0,core1\n0,0,100\n0.1,12.5,0.25\n"))
	f.Add([]byte("time_s\n"))
	f.Add([]byte("time_s,core0\n0,Inf\n"))
	f.Add([]byte("time_s,core0\n0,0x1p-2\n1e300,1_0\n"))
	f.Add([]byte("\"time_s\",\"core\n0\"\r\n0,\"1\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		usage, err := result.ReadCPUUsage(bytes.NewReader(data), "fuzz.csv")
		if err != nil {
			return
		}
		for _, sample := range usage.Samples {
			for _, percent := range sample {
				if math.IsNaN(percent) || math.IsInf(percent, 0) {
					t.Fatalf("a core is busy %v %%", percent)
				}
			}
		}
		var text bytes.Buffer
		if err := usage.WriteCSV(&text); err != nil {
			t.Fatal(err)
		}
		again, err := result.ReadCPUUsage(&text, "again.csv")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(usage.Samples, again.Samples); diff != "" {
			t.Errorf("written and read again (-want +got):\n%s", diff)
		}
	})
}
