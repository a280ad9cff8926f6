package timeline_test

import (
	"fmt"
	"path/filepath"
	"slices"
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
		{log: "releases/0.20.2-ranks.log"},
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

// Workers stand in the order of their ranks.
func TestWorkersInOrder(t *testing.T) {
	var text strings.Builder
	text.WriteString("(EngineCore pid=1) INFO 03-04 09:00:00 [core.py:1] Initializing a V1 LLM engine (v0.20.2) with config: x\n")
	for _, rank := range []int{10, 2, 0, 1} {
		fmt.Fprintf(&text, "(Worker_TP%d pid=%d) INFO 03-04 09:00:20 [loader.py:1] Loading weights took 5.00 seconds\n", rank, 20-rank)
	}
	text.WriteString("(EngineCore pid=1) INFO 03-04 09:00:30 [core.py:2] init engine (profile, create kv cache, warmup model) took 9.00 s\n")
	log, err := phase.Read(strings.NewReader(text.String()), "a.log")
	if err != nil {
		t.Fatal(err)
	}
	made, ok := timeline.Of(&log)
	if !ok {
		t.Fatal("no timeline")
	}
	var names []string
	for _, l := range made.Lanes {
		names = append(names, l.Name)
	}
	want := []string{"EngineCore pid=1", "Worker_TP0 pid=20", "Worker_TP1 pid=19", "Worker_TP2 pid=18", "Worker_TP10 pid=10"}
	if !slices.Equal(names, want) {
		t.Errorf("lanes %q, want %q", names, want)
	}
}

// The servers of one log are told apart by name.
func TestOfServers(t *testing.T) {
	log, err := phase.ReadFile("../phase/testdata/servers/compose.log")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"compose.log (api-1)", "compose.log (api-2)"} {
		made, ok := timeline.Of(&log.Servers[i])
		if !ok || filepath.Base(made.Log) != want {
			t.Errorf("%q, %t, want %q", made.Log, ok, want)
		}
	}
}
