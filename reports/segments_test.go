package reports_test

import (
	"strings"
	"testing"
	"time"

	"coldstart/reports"
	"coldstart/reports/phase"
	"coldstart/reports/segment"
)

// Finer settings are recommended only of a log that does not have debug lines already.
func TestRemarksOnSettings(t *testing.T) {
	var moments segment.Moments
	for i, at := range []int{0, 10, 20, 30, 40, 50, 60, 70} {
		moments[i] = segment.Moment{At: time.Duration(at) * time.Second, Known: true}
	}
	imports := segment.Known{Of: segment.FrontEnd, Part: segment.Part{Name: "llm_imports", Seconds: 9}}
	for _, test := range []struct {
		name string
		log  phase.Log
		want string
	}{
		{"without debug lines", phase.Log{Engine: phase.VLLM, Segments: segment.Cut(moments, []segment.Known{imports})},
			"73 % of the time has no finer name; vLLM logs more moments"}, // 51 of 70 s; process_start counts as named
		{"with debug lines", phase.Log{Engine: phase.VLLM, Debug: true, Segments: segment.Cut(moments, []segment.Known{imports})}, ""},
		{"another engine", phase.Log{Engine: "other", Segments: segment.Cut(moments, []segment.Known{imports})}, ""},
	} {
		test.log.TimeToReady = test.log.Segments.ToReady()
		got := strings.Join(reports.Remarks(&test.log), "\n")
		if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
