package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
	"coldstart/runner/engine"
	"coldstart/runner/paper"
)

// Every recorded run, printed as a log and read again, has exactly the recorded phases and
// segments and the engine's recorded set-up.
func TestReplayedLogsReadAsRecorded(t *testing.T) {
	for i := range paper.Measurements() {
		m := &paper.Measurements()[i]
		name := fmt.Sprintf("%s on %s: %s %s, iteration %d", m.Set, m.Node, m.Model, m.Args, m.Iteration)
		log, err := phase.Read(bytes.NewReader(startScript(m).text()), name)
		if err != nil || log.Err() != nil || len(log.Warnings) > 0 {
			t.Fatalf("%v, %v, warnings %q", err, log.Err(), log.Warnings)
		}
		for p := range phase.All() {
			want, recorded := m.Seconds.Get(p)
			if got, known := log.Times.Get(p); known != recorded || got != want {
				t.Errorf("%s: %v is %v s, known %t; recorded %v s, known %t", name, p, got, known, want, recorded)
			}
		}
		got, err1 := json.Marshal(log.Segments)
		want, err2 := json.Marshal(segment.Cut(m.Moments, nil))
		if string(got) != string(want) || len(log.Segments) < 5 || err1 != nil || err2 != nil {
			t.Errorf("%s: segments %s, recorded %s, %v, %v", name, got, want, err1, err2)
		}
		if log.Weights != m.WeightsGiB || log.Release != m.Release {
			t.Errorf("%s: %v GiB of release %s, want %v of %s", name, log.Weights, log.Release, m.WeightsGiB, m.Release)
		}
		if diff := cmp.Diff(m.Setup, log.Setup); diff != "" {
			t.Fatalf("%s: setup (-want +got):\n%s", name, diff)
		}
	}
}

// The times of a log's lines increase up to the recorded end.
func TestLinesAreInOrder(t *testing.T) {
	for i := range paper.Measurements() {
		m := &paper.Measurements()[i]
		actual, _ := m.Seconds.Get(phase.ActualTotalTime)
		at := time.Duration(0)
		for _, line := range startScript(m).lines {
			if line.at < at || line.at > toDuration(actual) {
				t.Fatalf("%s on %s: %s: %q at %v, after %v, of %v s in all", m.Set, m.Node, m.Model, line.message, line.at, at, actual)
			}
			at = line.at
		}
	}
}

// n3 logged whole seconds, the other nodes milliseconds.
func TestStamps(t *testing.T) {
	stamp := regexp.MustCompile(`(?m)^\S*(?: \S+ )?(?:DEBUG|INFO|WARNING) \d\d-\d\d \d\d:\d\d:\d\d(\.\d\d\d)? \[`)
	for i := range paper.Measurements() {
		m := &paper.Measurements()[i]
		text := startScript(m).text()
		stamps := stamp.FindAllSubmatch(text, -1)
		if lines := bytes.Count(text, []byte("\n")); len(stamps) != lines {
			t.Fatalf("%s on %s: %d of %d lines are stamped:\n%s", m.Set, m.Node, len(stamps), lines, text)
		}
		for _, s := range stamps {
			if whole := len(s[1]) == 0; whole != (m.Node == "n3") {
				t.Fatalf("%s on %s: stamp %q", m.Set, m.Node, s[0])
			}
		}
	}
}

// runOf is one of a set's runs.
func runOf(t *testing.T, set, configuration, node string, iteration int) engine.Run {
	t.Helper()
	s := paper.Sets()[set]
	i := slices.IndexFunc(s.Configurations, func(c result.Configuration) bool { return c.ID == configuration })
	if i < 0 {
		t.Fatalf("set %s has no configuration %s", set, configuration)
	}
	return engine.Run{Set: &s, Configuration: &s.Configurations[i], Node: node, Iteration: iteration}
}

// A replayed log says in its first line that it is a replay. Other arguments in the paper's
// run are a warning, and a missing run is an error.
func TestStart(t *testing.T) {
	tests := []struct {
		set, configuration, node string
		iteration                int
		first                    string // line of the log
		warning, err             string
	}{
		{
			set: "baseline", configuration: "qwen-4b", node: "n2", iteration: 3,
			first: "coldstart: replayed from the paper's recorded runs: set baseline, node n2, iteration 3",
		},
		{
			set: "baseline", configuration: "qwen-14b_max-model-len_16752", node: "n1", iteration: 1,
			first: "coldstart: replayed from the paper's recorded runs: set baseline, node n1, iteration 1",
		},
		{
			set: "baseline", configuration: "qwen-14b_max-model-len_16752", node: "n3", iteration: 1,
			first:   "coldstart: replayed from the paper's recorded runs: set baseline, node n3, iteration 1",
			warning: `baseline on n3: qwen-14b was recorded with arguments "", not "--max-model-len 16752"`,
		},
		{
			set: "baseline-ssd", configuration: "qwen-14b_max-model-len_16752", node: "n1", iteration: 0,
			first:   "coldstart: replayed from the paper's recorded runs: set baseline-ssd, node n1, iteration 0",
			warning: `baseline-ssd on n1: qwen-14b was recorded with arguments "", not "--max-model-len 16752"`,
		},
		{
			set: "loaders", configuration: "yi-6b_load-format_tensorizer", node: "n1", iteration: 5,
			first: "coldstart: replayed from the paper's recorded runs: set loaders, node n1, iteration 5",
		},
		{
			set: "versions", configuration: "opt-6.7b_vllm-0.9.0", node: "n1", iteration: 1,
			first: "coldstart: replayed from the paper's recorded runs: set versions, node n1, iteration 1",
		},
		{set: "baseline", configuration: "qwen-4b", node: "n1", iteration: 6, err: "the paper recorded no iteration 6 of qwen-4b in set baseline on n1"},
		{set: "baseline", configuration: "qwen-4b", node: "n4", iteration: 1, err: "the paper recorded no iteration 1 of qwen-4b in set baseline on n4"},
		{set: "versions", configuration: "opt-6.7b_vllm-0.9.0", node: "n1", iteration: 0, err: "no start-up log was recorded"},
		{set: "cpu-usage", configuration: "qwen-4b", node: "n1", iteration: 1, err: engine.ErrNoLog.Error()},
	}
	for _, test := range tests {
		t.Run(strings.Join([]string{test.set, test.configuration, test.node, fmt.Sprint(test.iteration)}, " "), func(t *testing.T) {
			var log bytes.Buffer
			started, err := new(Engine).Start(t.Context(), runOf(t, test.set, test.configuration, test.node, test.iteration), &log)
			if got := fmt.Sprint(err); test.err == "" && err != nil || test.err != "" && got != test.err {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if got := strings.Join(started.Warnings, "\n"); got != test.warning {
				t.Errorf("warnings %q, want %q", got, test.warning)
			}
			first, _, _ := strings.Cut(log.String(), "\n")
			if first != test.first {
				t.Errorf("the log begins with %q, want %q", first, test.first)
			}
			if test.err == "" {
				if read, err := phase.Read(&log, "x.log"); err != nil || read.Err() != nil {
					t.Errorf("the log reads as %v, %v", err, read.Err())
				}
			}
		})
	}
}

// The paper has only the time to build the engine of figure 1's releases.
func TestReleases(t *testing.T) {
	for _, r := range paper.Releases() {
		var text bytes.Buffer
		if _, err := new(Engine).Start(t.Context(), runOf(t, "versions", "opt-6.7b_vllm-"+r.Version, "n1", 1), &text); err != nil {
			t.Fatal(err)
		}
		log, err := phase.Read(&text, r.Version)
		if err != nil || log.Err() != nil {
			t.Errorf("%v, %v", err, log.Err())
		}
		got := map[phase.Phase]float64{}
		for p := range phase.All() {
			if seconds, known := log.Times.Get(p); known {
				got[p] = seconds
			}
		}
		if diff := cmp.Diff(map[phase.Phase]float64{phase.InitializeEngine: r.InitializeEngine}, got); diff != "" || log.Release != r.Version {
			t.Errorf("release %q, want %q; phases (-want +got):\n%s", log.Release, r.Version, diff)
		}
	}
}

// Check refuses sets and nodes without recorded runs.
func TestCheck(t *testing.T) {
	tests := []struct{ set, node, err string }{
		{"baseline", "n1", ""},
		{"baseline", "n2", ""},
		{"baseline", "n3", ""},
		{"baseline", "n4", "the paper recorded no runs of baseline on n4, only on n1, n2, n3"},
		{"models", "n2", "the paper recorded no runs of models on n2, only on n1"},
		{"versions", "n1", ""},
		{"versions", "n3", "the paper recorded no runs of versions on n3, only on n1"},
		{"cpu-usage", "n1", ""},
		{"cpu-usage", "n3", "the paper recorded no runs of cpu-usage on n3, only on n1"},
	}
	for _, test := range tests {
		set := paper.Sets()[test.set]
		err := new(Engine).Check(&set, test.node)
		if (test.err == "") != (err == nil) || err != nil && !strings.HasPrefix(err.Error(), test.err) {
			t.Errorf("%s on %s: %v, want %q", test.set, test.node, err, test.err)
		}
	}
	served := paper.Sets()["baseline"]
	served.Start = result.Serve
	if err := new(Engine).Check(&served, "n1"); err == nil || err.Error() != "the runs that the paper recorded of baseline did not serve" {
		t.Errorf("a set that serves: %v", err)
	}
}

// timed notes when each line of a log is written.
type timed struct {
	began time.Time
	at    []time.Duration
	text  bytes.Buffer
}

func (w *timed) Write(p []byte) (int, error) {
	w.at = append(w.at, time.Since(w.began))
	return w.text.Write(p)
}

// A replay in real time takes as long as its time stamps say, divided by Speed, and has the
// same text.
func TestSpeed(t *testing.T) {
	run := runOf(t, "breakdown", "llama3-3b", "n1", 1)
	var atOnce bytes.Buffer
	if _, err := new(Engine).Start(t.Context(), run, &atOnce); err != nil {
		t.Fatal(err)
	}
	m, _, err := paper.Recorded(run.Set, run.Configuration, run.Node, run.Iteration)
	if err != nil {
		t.Fatal(err)
	}
	for _, speed := range []float64{1, 10} {
		synctest.Test(t, func(t *testing.T) {
			log := &timed{began: time.Now()}
			engine := Engine{Speed: speed}
			if _, err := engine.Start(t.Context(), run, log); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(atOnce.String(), log.text.String()); diff != "" {
				t.Errorf("speed %v: another log (-at once +paced):\n%s", speed, diff)
			}
			want := []time.Duration{0} // the line that says what the log is
			for _, line := range startScript(m).lines {
				want = append(want, time.Duration(line.at.Seconds()/speed*float64(time.Second)))
			}
			if diff := cmp.Diff(want, log.at); diff != "" {
				t.Errorf("speed %v: lines are written (-want +got):\n%s", speed, diff)
			}
		})
	}
}

// An interrupted replay in real time stops between two lines.
func TestCancel(t *testing.T) {
	run := runOf(t, "breakdown", "llama3-3b", "n1", 1) // of 22.4 s
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		log := &timed{began: time.Now()}
		_, err := (&Engine{Speed: 1}).Start(ctx, run, log)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
		}
		if took := time.Since(log.began); took != 5*time.Second {
			t.Errorf("stopped after %v, want 5s", took)
		}
		if last := log.at[len(log.at)-1]; last > 5*time.Second || !bytes.HasSuffix(log.text.Bytes(), []byte("\n")) {
			t.Errorf("the last line is written after %v: %q", last, log.text.String())
		}
	})
}

// A failing writer ends the replay with its error. A log is one write, or one per line in
// real time.
func TestFailingWriter(t *testing.T) {
	full := errors.New("disk full")
	run := runOf(t, "breakdown", "llama3-3b", "n1", 1)
	for _, speed := range []float64{0, 1e9} {
		for lines := range 3 {
			_, err := (&Engine{Speed: speed}).Start(t.Context(), run, &failing{after: lines, err: full})
			if wants := speed > 0 || lines == 0; wants != errors.Is(err, full) {
				t.Errorf("speed %v, a writer that fails after %d writes: %v", speed, lines, err)
			}
		}
	}
}

// failing is a writer that fails after a number of writes.
type failing struct {
	after int
	err   error
}

func (w *failing) Write(p []byte) (int, error) {
	if w.after--; w.after < 0 {
		return 0, w.err
	}
	return io.Discard.Write(p)
}
