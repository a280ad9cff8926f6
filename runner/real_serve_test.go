//go:build vllm

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"coldstart/reports/result"
)

// serve measures a warm-up and a start of 'vllm serve' until its first token.
func (r *real) serve(t *testing.T, python, dir string, arguments []string, began *procWatch) {
	if out, err := exec.Command(python, "-c", "import torch, vllm._C").CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		t.Skipf("skipped: this vLLM starts here, but cannot make a token: %s", lines[len(lines)-1])
	}
	out := filepath.Join(dir, "served-"+r.environment)
	got := coldstart(t, append(arguments, "--start", "serve", "--iterations", "1", "--out", out)...)
	t.Log(got.err)
	if got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.out)
	}
	results, err := result.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	runs := results.Cells["figure2-n1"].Runs
	if len(runs) != 2 {
		t.Fatalf("%d runs, want a warm-up and one that counts", len(runs))
	}
	for _, run := range runs {
		text, err := os.ReadFile(filepath.Join(out, "cells", "figure2-n1", run.Log))
		if err != nil {
			t.Fatal(err)
		}
		if run.Failed != "" || run.Release != r.release {
			t.Errorf("iteration %d: release %q, failed %q", run.Iteration, run.Release, run.Failed)
		}
		judgeMoments(t, run, strings.Split(string(text), "\n"), result.Serve, began)
	}
	summary, err := os.ReadFile(filepath.Join(out, "report", "summary.md"))
	if err != nil || !strings.Contains(string(summary), "The engine served") {
		t.Errorf("%v, summary: %s", err, summary)
	}
}

// judgeMoments compares the moments of a run with its log's stamps, and with what the test
// has seen of its processes itself.
func judgeMoments(t *testing.T, run result.Run, lines []string, start result.Start, began *procWatch) {
	t.Helper()
	m := run.Moments
	if m == nil || len(m.Processes) < 2 {
		t.Fatalf("iteration %d: moments %+v", run.Iteration, m)
	}
	order := []time.Time{m.Processes[0].Began, firstStamp(t, lines, m.Processes[0].Began)}
	if start == result.Serve {
		order = append(order, m.Ready, m.FirstToken)
		t.Logf("iteration %d: exec to 200 %v, to the first token %v", run.Iteration, m.Ready.Sub(order[0]), m.FirstToken.Sub(order[0]))
		if !slices.ContainsFunc(m.Processes, func(p result.Process) bool { return p.Name == "VLLM::EngineCor" }) {
			t.Errorf("iteration %d: no engine process among %+v", run.Iteration, m.Processes)
		}
	} else if !m.Ready.IsZero() || !m.FirstToken.IsZero() {
		t.Errorf("iteration %d: an engine that did not serve was ready at %v, had a token at %v", run.Iteration, m.Ready, m.FirstToken)
	}
	if !slices.IsSortedFunc(order, time.Time.Compare) {
		t.Errorf("iteration %d: moments are not in order: %v", run.Iteration, order)
	}
	judgeSegments(t, run, order)
	known := 0
	for _, p := range m.Processes {
		seen, found := began.of(p.PID)
		if !found {
			continue // it lived for less than the test looks away
		}
		known++
		if apart := p.Began.Sub(seen).Abs(); apart > 20*time.Millisecond {
			t.Errorf("iteration %d: process %d %s began %v, /proc says %v: %v apart", run.Iteration, p.PID, p.Name, p.Began, seen, apart)
		}
	}
	if known < 2 {
		t.Errorf("iteration %d: of %d processes the test saw %d", run.Iteration, len(m.Processes), known)
	}
}

// judgeSegments compares a run's segments with its exec, its first stamp and, if it served,
// its first 200 and its first token.
func judgeSegments(t *testing.T, run result.Run, order []time.Time) {
	t.Helper()
	t.Logf("iteration %d: segments %+v", run.Iteration, run.Segments)
	var all time.Duration
	for _, s := range run.Segments {
		all += s.Took
	}
	first := run.Segments[0]
	if first.Name() != "process_start" || first.Took != order[1].Sub(order[0]) {
		t.Errorf("iteration %d: begins with %s of %v, want %v", run.Iteration, first.Name(), first.Took, order[1].Sub(order[0]))
	}
	if last := order[len(order)-1]; len(order) == 4 && all != last.Sub(order[0]) {
		t.Errorf("iteration %d: the segments are %v, want %v", run.Iteration, all, last.Sub(order[0]))
	}
}

// firstStamp is the first stamp of a log, which has neither a year nor a zone.
func firstStamp(t *testing.T, lines []string, of time.Time) time.Time {
	t.Helper()
	for _, line := range lines {
		if text := stamp.FindString(line); text != "" {
			at, err := time.ParseInLocation("2006-01-02 15:04:05.000", strconv.Itoa(of.Year())+"-"+text, of.Location())
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
	}
	t.Fatal("no line has a stamp")
	return time.Time{}
}

// procWatch notes when each process of the machine began, from /proc/uptime and /proc/PID/stat:
// not as coldstart does.
type procWatch struct {
	boot  time.Time
	mutex sync.Mutex
	began map[int]time.Time
}

func watchProc(t *testing.T) *procWatch {
	t.Helper()
	w := &procWatch{boot: bootByUptime(t), began: map[int]time.Time{}}
	every, over := time.NewTicker(100*time.Millisecond), make(chan struct{})
	t.Cleanup(func() { every.Stop(); close(over) })
	go func() {
		for {
			select {
			case <-every.C:
				w.look()
			case <-over:
				return
			}
		}
	}()
	return w
}

// bootByUptime is the best of some readings of two clocks.
func bootByUptime(t *testing.T) (boot time.Time) {
	t.Helper()
	best := time.Hour
	for range 100 {
		before := time.Now()
		text, err := os.ReadFile("/proc/uptime")
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(before)
		uptime, err := time.ParseDuration(strings.Fields(string(text))[0] + "s")
		if err != nil {
			t.Fatal(err)
		}
		if took < best {
			best, boot = took, before.Round(0).Add(-uptime)
		}
	}
	return boot
}

func (w *procWatch) look() {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		text, err := os.ReadFile(path)
		if _, known := w.of(pid); err != nil || known {
			continue
		}
		_, behind, _ := strings.Cut(string(text), ") ")
		ticks, err := strconv.ParseInt(strings.Fields(behind)[19], 10, 64)
		if err != nil {
			continue
		}
		w.mutex.Lock()
		w.began[pid] = w.boot.Add(time.Duration(ticks) * 10 * time.Millisecond)
		w.mutex.Unlock()
	}
}

func (w *procWatch) of(pid int) (time.Time, bool) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	at, known := w.began[pid]
	return at, known
}
