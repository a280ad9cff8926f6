package result_test

import (
	"path/filepath"
	"testing"
	"time"

	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// Only of a log that a cell keeps are there moments.
func TestMomentsOf(t *testing.T) {
	root := t.TempDir()
	testkit.WriteFiles(t, root, map[string]string{
		"cells/figure2-n1/cell.json": `{"schema":1,"session":"s1","cell":{"id":"figure2-n1"},"runs":[
			{"iteration":1,"configuration":"a","log":"logs/1/a.log","seconds":{}},
			{"iteration":2,"configuration":"a","log":"logs/2/a.log","seconds":{},"moments":{"ready":"2026-11-23T09:00:59.5Z"}}]}`,
		"cells/of-another-release/cell.json": `{"schema":9}`,
	})
	for log, want := range map[string]time.Time{
		"cells/figure2-n1/logs/2/a.log":         time.Date(2026, 11, 23, 9, 0, 59, 500e6, time.UTC),
		"cells/figure2-n1/logs/1/a.log":         {},
		"cells/figure2-n1/logs/2/b.log":         {},
		"cells/of-another-release/logs/2/a.log": {},
		"elsewhere/logs/2/a.log":                {},
	} {
		got := result.MomentsOf(filepath.Join(root, log))
		if want.IsZero() != (got == nil) || got != nil && !got.Ready.Equal(want) {
			t.Errorf("%s: %v, want %v", log, got, want)
		}
	}
}
