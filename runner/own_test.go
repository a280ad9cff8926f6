package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/result"
	"coldstart/runner/models"
)

// newOwnBench is a bench with the lab of testdata/own.yaml, and more below its figures.
func newOwnBench(t *testing.T, more string) *bench {
	t.Helper()
	b := newBench(t)
	b.ownModel(t, "models/lab/mine")
	text, err := os.ReadFile("runner/testdata/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	command, _ := json.Marshal([]string{fakeEngine(t), "--journal", b.journal})
	lab := strings.ReplaceAll(string(text), "MODELS", b.path("models"))
	lab = fmt.Sprintf("engines: {vllm: {command: %s}}\n%s%s", command, lab, more)
	if err := os.WriteFile(b.matrix, []byte(lab), 0o644); err != nil {
		t.Fatal(err)
	}
	return b
}

// ownModel makes a model's folder as somebody else would have it.
func (b *bench) ownModel(t *testing.T, folder string) {
	t.Helper()
	dir := b.path(folder)
	if err := models.Tiny(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "coldstart-standin.json")); err != nil {
		t.Fatal(err)
	}
}

// A lab's own model, set and figures go the whole way: plan, measure, report and compare.
func TestOwnFigures(t *testing.T) {
	t.Parallel()
	b := newOwnBench(t, "")
	own := []string{"seqs-capturing", "seqs-weights", "seqs-segments", "seqs-engine"}

	got := b.coldstart(t, "plan", "--matrix", b.matrix, "--engine", "vllm", "--figures", strings.Join(own, ","))
	for _, cell := range []string{"figure-seqs-capturing-n1", "seqs, runs of figure-seqs-capturing-n1", "hardware-n1"} {
		if got.code != exitDone || !strings.Contains(got.out, cell) {
			t.Fatalf("exit %d, the plan lacks %s:\n%s%s", got.code, cell, got.out, got.err)
		}
	}
	for _, name := range own {
		got := b.coldstart(t, "measure", "--engine", "vllm", "--matrix", b.matrix, "--figure", name, "--node", "n1",
			"--iterations", "2", "--out", b.path(name))
		if got.code != exitDone {
			t.Fatalf("measure %s: %s", name, got.err)
		}
	}
	if got := b.reproduce(t, strings.Join(own, ","), "whole"); got.code != exitDone {
		t.Fatalf("reproduce: %s", got.err)
	}
	report := b.path("report")
	if got := b.coldstart(t, "report", "--from", b.path("whole"), "--out", report); got.code != exitDone {
		t.Fatalf("report: %s", got.err)
	}
	for name, points := range map[string]int{"seqs-capturing": 3, "seqs-weights": 3, "seqs-segments": 21, "seqs-engine": 3} {
		text, err := os.ReadFile(filepath.Join(report, "data", "figure-"+name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var data figure.Data
		if err := json.Unmarshal(text, &data); err != nil {
			t.Fatal(err)
		}
		if !data.Complete || len(data.Points()) != points || data.Number() != name {
			t.Errorf("%s: complete %t (%v), %d points, number %q", name, data.Complete, data.Missing, len(data.Points()), data.Number())
		}
		if info, err := os.Stat(filepath.Join(report, "figure-"+name+".pdf")); err != nil || info.Size() == 0 {
			t.Errorf("%s: no PDF: %v", name, err)
		}
	}
	summary, err := os.ReadFile(filepath.Join(report, "summary.md"))
	if err != nil || !strings.Contains(string(summary), "Graph capturing by number of sequences") {
		t.Errorf("%v, the summary lacks the figure:\n%s", err, summary)
	}
	if strings.Contains(string(summary), "The paper's claims") {
		t.Errorf("none of the paper's figures is there, and the summary has its claims:\n%s", summary)
	}
	got = b.coldstart(t, "claims", "--from", b.path("whole"))
	if got.code != exitFailed || !strings.Contains(got.err, "has none of the paper's figures") {
		t.Errorf("claims exits with %d:\n%s%s", got.code, got.out, got.err)
	}
	got = b.coldstart(t, "compare", b.path("whole"), b.path("whole"))
	if got.code != exitDone || !strings.Contains(got.out, "max-num-seqs") {
		t.Errorf("compare exits with %d:\n%s%s", got.code, got.out, got.err)
	}
	comment := b.coldstart(t, "comment", "--dry-run", "--from", b.path("whole"))
	if comment.code != exitDone || !strings.Contains(comment.out, "seqs-capturing") {
		t.Errorf("comment exits with %d:\n%s%s", comment.code, comment.out, comment.err)
	}
}

// What a model's files state need not stand in the lab's file.
func TestOwnModelsFacts(t *testing.T) {
	t.Parallel()
	b := newOwnBench(t, "  by-layers: {kind: trend, set: sizes, phase: load_weights, x: layers, nodes: [n1]}\n")
	text, err := os.ReadFile(b.matrix)
	if err != nil {
		t.Fatal(err)
	}
	lab := strings.Replace(string(text), "sets:\n", "sets:\n  sizes: {models: [mine]}\n", 1)
	if err := os.WriteFile(b.matrix, []byte(lab), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := b.reproduce(t, "by-layers", "out"); got.code != exitDone {
		t.Fatal(got.err)
	}
	results, err := result.Read(b.path("out"))
	if err != nil {
		t.Fatal(err)
	}
	m := results.Plan.Model("mine")
	if m == nil || m.Layers != 2 || m.SizeB <= 0 || m.WeightsGiB <= 0 || m.TokenizerMB <= 0 {
		t.Errorf("the model's facts are %+v", m)
	}
	if data, err := figure.Build(results, &results.Plan.Figures[0]); err != nil || len(data.Points()) != 1 || *data.Points()[0].X != 2 {
		t.Errorf("%v, the figure's points are %+v", err, data.Points())
	}
}

// What is missing on a node is said before anything is started. A replay has no runs of a
// lab's own sets.
func TestOwnFiguresRefused(t *testing.T) {
	t.Parallel()
	b := newOwnBench(t, "")
	if err := os.Remove(b.path("models/lab/mine/model.safetensors")); err != nil {
		t.Fatal(err)
	}
	got := b.reproduce(t, "seqs-weights", "out")
	if want := "lab/mine: its weight file is missing"; got.code == exitDone || !strings.Contains(got.out+got.err, want) {
		t.Errorf("exit %d, lacks %q:\n%s%s", got.code, want, got.out, got.err)
	}
	if _, err := os.Stat(b.journal); err == nil {
		t.Errorf("it was started: %v", b.started(t))
	}
	replay := []string{"reproduce", "--matrix", b.matrix, "--out", b.path("replay"), "--iterations", "1", "--figures"}
	got = b.coldstart(t, append(slices.Clone(replay), "all")...)
	want := "figure seqs-weights is left out: the paper has no runs of its measurement set seqs"
	if got.code != exitDone || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, lacks %q:\n%s", got.code, want, got.err)
	}
	got = b.coldstart(t, append(slices.Clone(replay), "seqs-weights")...)
	if got.code == exitDone || !strings.Contains(got.err, "nothing is left to measure: "+want) {
		t.Errorf("exit %d, lacks %q:\n%s", got.code, want, got.err)
	}
}
