//go:build faults

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
)

// Whatever a start-up does, the measurement goes on, keeps what there was with the
// reason, and leaves no process behind.
func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		flags  []string // of the fake engine; the fault is of iteration 1 and of the first try alone
		failed string   // what the record of the failed try says; empty if it counts
	}{
		{"crash early", []string{"--fault", "crash", "--after", "detect_platform"}, "it ends after detect_platform, before init_engine: ValueError: a fault that was asked for"},
		{"crash late", []string{"--fault", "crash", "--after", "graph_capturing"}, "it ends after graph_capturing, before init_engine: ValueError: a fault that was asked for"},
		{"crash in the shutdown", []string{"--fault", "crash"}, ""},
		{"hang", []string{"--fault", "hang", "--after", "load_weights"}, "it ends after load_weights, before init_engine: TimeoutError: coldstart: not finished after 5s"},
		{"ignores SIGTERM", []string{"--fault", "stubborn", "--after", "model_loading"}, "it ends after model_loading, before init_engine: TimeoutError: coldstart: not finished after 5s"},
		{"leaves a grandchild", []string{"--fault", "grandchild"}, ""},
		{"half a line", []string{"--fault", "half-line", "--after", "init_engine"}, "it ends after graph_capturing, before init_engine"},
		{"a gigabyte", []string{"--fault", "flood"}, "the engine printed more than 256 MB, and was ended"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, append(test.flags, "--only", "1", "--once", filepath.Join(t.TempDir(), "done"))...)
			limit := "1m"
			if strings.HasSuffix(test.failed, " not finished after 5s") { // the other starts take less
				limit = "5s"
			}
			if got := b.reproduce(t, "2", "out", "--limit", limit); got.code != exitDone {
				t.Fatalf("exit %d: %s", got.code, got.err)
			}
			var failed []string
			counted := 0
			for _, run := range b.runs(t, "out", "figure2-n1") {
				if run.Failed != "" {
					failed = append(failed, run.Failed)
				} else if run.Counts() {
					counted++
				}
			}
			expectLost(t, max(0, 2-counted))
			if counted > 2 {
				t.Errorf("%d runs count, want 2", counted)
			}
			if got := strings.Join(failed, "\n"); (test.failed == "") != (got == "") || !strings.Contains(got, test.failed) {
				t.Errorf("failed: %q, want %q", got, test.failed)
			}
			expectAlone(t, b)
		})
	}
}

// expectAlone expects that no process of the fake engine is left.
func expectAlone(t *testing.T, b *bench) {
	t.Helper()
	log, err := os.ReadFile(b.path("out/cells/figure2-n1/logs/1/llama3-3b.log"))
	if err != nil || len(log) > 1<<20 {
		return
	}
	_, pid, found := strings.Cut(string(log), "fake-engine: left behind ")
	if !found {
		return
	}
	number, err := strconv.Atoi(strings.TrimSpace(pid))
	if err != nil {
		t.Fatal(err)
	}
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", number)); err == nil && !strings.Contains(string(stat), ") Z ") {
		syscall.Kill(number, syscall.SIGKILL)
		t.Errorf("process %d was left behind", number)
	}
}

// kills is how many times a measurement is killed, at random instants.
const kills = 200

// Killed at any instant, a measurement loses the run in progress and no other, and
// goes on to what an undisturbed one leaves.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if done := b.live(t, "undisturbed", time.Hour); !done {
		t.Fatal("not done after an hour")
	}
	want := b.leaves(t, "undisturbed")
	begun := time.Now()
	b.live(t, "undisturbed", time.Hour) // all of its runs are finished
	longest := 2 * time.Since(begun)    // of a life, so that a session is killed some four times
	random := rand.New(rand.NewPCG(1, 2))
	killed, session, lost := 0, 0, 0
	for ; killed < kills; session++ {
		out := fmt.Sprint("out", session)
		os.Remove(b.journal)
		died := 0
		for !b.live(t, out, time.Duration(random.Int64N(int64(longest)))) {
			died++
			longest += longest / 20 // as the machine becomes slower
		}
		longest -= longest / 5 // or faster
		killed += died
		found := b.leaves(t, out)
		for _, run := range want {
			if !slices.Contains(found, run) {
				lost++
			}
		}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("after %d kills (-undisturbed +killed):\n%s", died, diff)
		}
		if starts, runs := len(b.started(t)), len(want)-1; starts > runs+died {
			t.Errorf("%d starts for %d runs and %d kills: a finished run was made again", starts, runs, died)
		}
	}
	t.Logf("%d kills in %d sessions, at last after up to %v", killed, session, longest)
	t.Attr("tries", strconv.Itoa(killed))
	expectLost(t, lost)
}

// stamps are those of a log: an engine stamps when it was started.
var stamps = regexp.MustCompile(`\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}`)

// leaves is what a measurement of figure 7 leaves: a text a run, with its log but for the
// stamps, and last the figure's numbers.
func (b *bench) leaves(t *testing.T, out string) (all []string) {
	t.Helper()
	for _, run := range b.runs(t, out, "figure7-n1") {
		log, err := os.ReadFile(filepath.Join(b.path(out), "cells", "figure7-n1", run.Log))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%d %s %s %v %q %s",
			run.Iteration, run.Configuration, run.Log, run.Seconds, run.Failed, stamps.ReplaceAll(log, []byte("STAMP"))))
	}
	return append(all, numbers(t, filepath.Join(b.path(out), "report", "data", "figure7.json")))
}

// live measures figure 7 into out, from where the session stands, until it is done
// or its time is over.
func (b *bench) live(t *testing.T, out string, life time.Duration) (done bool) {
	t.Helper()
	args := []string{"reproduce", "--engine", "vllm", "--matrix", b.matrix, "--nodes", "n1", "--figures", "7", "--iterations", "2", "--out", b.path(out)}
	if plan, err := result.ReadPlan(b.path(out)); err == nil {
		args = append(args, "--resume", plan.Session)
	}
	cmd := b.process(t, args...)
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Fatalf("%v: %s", err, said.String())
		}
		return true
	case <-time.After(life):
		cmd.Process.Kill()
		return <-ended == nil
	}
}
