package phase_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
)

// Each log in testdata/causes shows one kind of failure, and the .txt beside it has the
// cause; an empty file means none. To add a kind, add the two files.
func TestCauses(t *testing.T) {
	paths, err := filepath.Glob("testdata/causes/*.log")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d logs, %v", len(paths), err)
	}
	for _, path := range paths {
		stem := strings.TrimSuffix(path, ".log")
		t.Run(filepath.Base(stem), func(t *testing.T) {
			log, err := phase.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			cause := log.Cause
			if cause != "" {
				cause += "\n"
			}
			testkit.Golden(t, stem+".txt", cause)
		})
	}
}

// The cause is bounded, however many processes fail and however long their messages are.
func TestCauseIsBounded(t *testing.T) {
	var log bytes.Buffer
	for process := range 1000 {
		fmt.Fprintf(&log, "(Worker pid=%d) Traceback (most recent call last):\n(Worker pid=%d) ValueError: %s\n", process, process, strings.Repeat("x", 10_000))
	}
	read, err := phase.Read(&log, "x.log")
	if want := "ValueError: x"; err != nil || !strings.HasPrefix(read.Cause, want) || len(read.Cause) != 300 {
		t.Errorf("%d bytes, %q, %v", len(read.Cause), read.Cause[:min(len(read.Cause), 40)], err)
	}
}
