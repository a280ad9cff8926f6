package measure_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/measure"
)

// longPlan is one cell of two models, warmed up and counted three times.
func longPlan() *result.Plan {
	plan := smallPlan()
	plan.Iterations = 3
	plan.Cells = plan.Cells[:1]
	return plan
}

// numbered is an engine whose every run tells its own time.
func numbered(starts *int) *script {
	return &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
		*starts++
		_, err := fmt.Fprintf(log, "INFO 02-09 16:00:00.000 [core.py:214] init engine (profile, create kv cache, warmup model) took %d.%d seconds\n", run.Iteration, len(run.Configuration.ID))
		return nil, err
	}}
}

// resume goes on with the session in root.
func resume(t *testing.T, root string, starts *int) {
	t.Helper()
	plan := longPlan()
	directory, err := result.Create(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	session := measure.Session{Plan: plan, Engine: numbered(starts), Directory: directory, Observer: &diary{}, Keep: true, Resume: true}
	if incomplete, err := session.All(context.Background()); incomplete || err != nil {
		t.Fatalf("incomplete %t, %v", incomplete, err)
	}
}

func cellFile(root string) string { return filepath.Join(root, "cells", "figure7-n1", "cell.json") }

// A session that is interrupted after any of its runs goes on with the next, and
// leaves what an undisturbed one leaves.
func TestResumeAfterAnyRun(t *testing.T) {
	undisturbed, all := t.TempDir(), 0
	resume(t, undisturbed, &all)
	want, err := os.ReadFile(cellFile(undisturbed))
	if err != nil {
		t.Fatal(err)
	}
	for after := range all {
		ctx, cancel := context.WithCancel(context.Background())
		starts := 0
		dying := numbered(&starts)
		start := dying.starts
		dying.starts = func(ctx context.Context, run engine.Run, log io.Writer) ([]string, error) {
			if starts == after {
				cancel()
				return nil, ctx.Err()
			}
			return start(ctx, run, log)
		}
		session, root, _ := begin(t, longPlan(), dying)
		session.Keep = true
		if _, err := session.All(ctx); err == nil {
			t.Fatalf("after %d runs: not interrupted", after)
		}
		if _, err := os.Stat(cellFile(root)); err == nil {
			t.Errorf("after %d runs: an interrupted cell is taken for finished", after)
		}
		resume(t, root, &starts)
		if got, err := os.ReadFile(cellFile(root)); err != nil || string(got) != string(want) {
			t.Errorf("after %d runs: %v, left\n%s\nwant\n%s", after, err, got, want)
		}
		if starts != all {
			t.Errorf("after %d runs: %d starts in all, want %d", after, starts, all)
		}
		resume(t, root, &starts)
		if starts != all {
			t.Errorf("after %d runs: a finished session starts the engine again", after)
		}
	}
}

// Wherever the writing of a run was cut off, nothing before it is lost, and
// nothing is there twice.
func TestResumeWithJournalCutAnywhere(t *testing.T) {
	undisturbed, all := t.TempDir(), 0
	resume(t, undisturbed, &all)
	want, err := os.ReadFile(cellFile(undisturbed))
	if err != nil {
		t.Fatal(err)
	}
	// A journal of four runs, as an interruption leaves it.
	var finished result.CellResult
	results, err := result.Read(undisturbed)
	if err != nil {
		t.Fatal(err)
	}
	finished = *results.Cells["figure7-n1"]
	whole := t.TempDir()
	directory, err := result.Create(whole, longPlan())
	if err != nil {
		t.Fatal(err)
	}
	writer := directory.Cell(finished.Cell)
	for _, run := range finished.Runs[:4] {
		if err := writer.Keep(run); err != nil {
			t.Fatal(err)
		}
	}
	journal, err := os.ReadFile(filepath.Join(whole, "cells", "figure7-n1", "runs.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for cut := 0; cut <= len(journal); cut += 7 {
		root, starts := t.TempDir(), 0
		dir := filepath.Join(root, "cells", "figure7-n1")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "runs.jsonl"), journal[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		resume(t, root, &starts)
		if got, err := os.ReadFile(cellFile(root)); err != nil || string(got) != string(want) {
			t.Fatalf("cut at %d of %d bytes: %v, left\n%s\nwant\n%s", cut, len(journal), err, got, want)
		}
	}
}
