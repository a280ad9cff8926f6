package timeline_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
	"coldstart/reports/timeline"
)

// The lanes of logs, in seconds from the first stamp: with several ranks, with two engines,
// with a process without a name, and with an exec and a first token that were measured.
func TestOf(t *testing.T) {
	var text strings.Builder
	for _, test := range []struct {
		log      string
		measured phase.Measured
	}{
		{log: "releases/0.20.2-serve.log"},
		{log: "releases/0.10.1.1-offline.log"},
		{log: "posted/data-parallel.log"},
		{log: "posted/ranks-slow-in-different-steps.log"},
		{log: "posted/no-line-says-ready.log"},
		{log: "releases/0.8.0.log"},
		{log: "releases/0.32.0-cpu-serve.log", measured: phase.Measured{
			Exec:       time.Date(2026, 11, 23, 8, 59, 51, 0, time.UTC),
			Ready:      time.Date(2026, 11, 23, 9, 0, 59, 500e6, time.UTC),
			FirstToken: time.Date(2026, 11, 23, 9, 1, 0, 100e6, time.UTC),
		}},
	} {
		log, err := phase.ReadFile(filepath.Join("../phase/testdata", test.log))
		if err != nil {
			t.Fatal(err)
		}
		if !test.measured.Exec.IsZero() {
			log.Measure(test.measured)
		}
		made, ok := timeline.Of(&log)
		if !ok {
			t.Fatalf("%s has no timeline", test.log)
		}
		write(&text, test.log, made)
	}
	testkit.Golden(t, "testdata/lanes.txt", text.String())
}

func write(text *strings.Builder, name string, made *timeline.Timeline) {
	fmt.Fprintf(text, "%s: %s; from %v, its exec: %v, ready %v, first token %v\n",
		name, made.Title(), made.Begin, made.FromExec, made.Ready, made.FirstToken)
	for _, l := range made.Lanes {
		fmt.Fprintf(text, "  %s\n", l.Name)
		for _, s := range l.Segments {
			fmt.Fprintf(text, "    %-24s %8.3f to %8.3f\n", s.Name, s.At().From.Seconds(), s.At().To.Seconds())
			for _, p := range s.Parts {
				fmt.Fprintf(text, "      %-27s %7.3f", p.Name, p.Seconds)
				if p.At.Known() {
					fmt.Fprintf(text, ", %8.3f to %8.3f", p.At.From.Seconds(), p.At.To.Seconds())
				}
				text.WriteByte('\n')
			}
		}
	}
}

// A start-up that failed has no timeline.
func TestOfFailed(t *testing.T) {
	log, err := phase.ReadFile("../phase/testdata/posted/crash-loop.log")
	if err != nil {
		t.Fatal(err)
	}
	if made, ok := timeline.Of(&log); ok {
		t.Errorf("%+v", made)
	}
}
