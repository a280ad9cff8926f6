//go:build pagecache

// A build tag of its own keeps these tests from dropping the page cache while others
// measure.

package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/runner/engine/local"
)

// Figure 13 compares runs with their weights in memory and on the drive: the page
// cache is dropped before each of the latter.
func TestDropsForFigure13(t *testing.T) {
	if !local.MayDropPageCache(t.Context()) {
		t.Skip("skipped: to drop the page cache takes root, or the sudo rule that doctor prints")
	}
	b := newBench(t)
	b.measureCells(t, "13", "measured")
	if got := b.coldstart(t, "report", "--from", b.path("measured"), "--out", b.path("report")); got.code != exitDone {
		t.Fatal(got.err)
	}
	b.expectReplayed(t, b.path("report"), "13")
}

// A session that goes on after the page cache was dropped fills it again before it
// counts another start.
func TestDroppedMeanwhile(t *testing.T) {
	if !local.MayDropPageCache(t.Context()) {
		t.Skip("skipped: to drop the page cache takes root, or the sudo rule that doctor prints")
	}
	b := newBench(t)
	goOn := func(iterations string, more ...string) (outcomes []string) {
		if got := b.reproduce(t, "2", "out", append(more, "--iterations", iterations)...); got.code != exitDone {
			t.Fatal(got.err)
		}
		for _, run := range b.runs(t, "out", "figure2-n1") {
			outcomes = append(outcomes, fmt.Sprintf("%d %s", run.Iteration, run.Failed))
		}
		return outcomes
	}
	first := goOn("1")
	if err := local.DropPageCache(t.Context()); err != nil {
		t.Fatal(err)
	}
	plan, err := result.ReadPlan(b.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	want := append(first, "2 the page cache was dropped or this machine was booted since the start before, so this one was a warm-up", "2 ", "3 ")
	if diff := cmp.Diff(want, goOn("3", "--resume", plan.Session)); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
}
