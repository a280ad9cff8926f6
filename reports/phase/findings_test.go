package phase_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
)

// Each log in testdata/findings has its findings beside it.
func TestFindings(t *testing.T) {
	paths, err := filepath.Glob("testdata/findings/*.log")
	if err != nil || len(paths) < 6 {
		t.Fatalf("%d logs: %v", len(paths), err)
	}
	for _, path := range paths {
		stem := strings.TrimSuffix(path, ".log")
		t.Run(filepath.Base(stem), func(t *testing.T) {
			log, err := phase.ReadFile(path)
			if err != nil || log.Err() != nil {
				t.Fatal(err, log.Err())
			}
			testkit.GoldenJSON(t, stem+".json", log.Findings)
		})
	}
}

// The findings of complete logs, by name, in seconds.
func TestFindingsOfRecordedLogs(t *testing.T) {
	type found map[string]float64
	tests := map[string]found{
		"vllm-0.10.1.1-h100-3b-cold":              {"compile_cache_missed": 41.88},
		"vllm-0.10.1.1-h100-3b-warm":              {},
		"vllm-0.20.2-h100-7b-0":                   {"model_info_missed": 31.354204, "compile_cache_missed": 8.23},
		"vllm-0.20.2-h100-7b-dram":                {},
		"vllm-0.20.2-2xh100-serve-tp2-warm":       {},
		"vllm-0.32.0-cpu-tiny-0":                  {"model_info_missed": 18.103811},
		"vllm-0.32.0-cpu-tiny-1":                  {"compile_cache_unreadable": 7},
		"vllm-0.10.1.1-h100-no-flashinfer-failed": {},
	}
	for name, want := range tests {
		log, err := phase.ReadFile(besideCheckout(t, name+".log")[0])
		if err != nil {
			t.Fatal(err)
		}
		got := found{}
		for _, f := range log.Findings {
			got[f.Name] = f.Seconds
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
