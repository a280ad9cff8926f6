package phase_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
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

// The errors of failed start-ups that people posted.
func TestReportedCauses(t *testing.T) {
	wants, err := filepath.Glob(filepath.Join(testkit.Artifact(t), "..", "logs", "reported", "*.want.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(wants) == 0 {
		t.Skip("no reported logs beside the checkout")
	}
	checked := 0
	for _, path := range wants {
		var want struct {
			Error string `json:"error_contains"`
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if want.Error == "" {
			continue
		}
		checked++
		log, err := phase.ReadFile(strings.TrimSuffix(path, ".want.json") + ".log")
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(log.Err()); !strings.Contains(got, want.Error) {
			t.Errorf("%s: the error %q lacks %q", filepath.Base(path), got, want.Error)
		}
	}
	if checked == 0 {
		t.Error("no log there states an error")
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
