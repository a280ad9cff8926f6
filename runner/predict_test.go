package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A predicted is what predict --json prints, of which the tests look at this.
type predicted struct {
	LoadWeights float64  `json:"load_weights"`
	InNoPhase   *float64 `json:"in_no_phase"`
	Whole       float64  `json:"actual_total_time"`
	Interval    struct{ Confidence, Low, High float64 }
	Validated   struct {
		Models        int
		RMSE, Percent float64
	} `json:"cross_validated"`
}

func predictJSON(t *testing.T, args string) (p predicted) {
	t.Helper()
	got := coldstart(t, strings.Fields("predict --json "+args)...)
	if got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	if err := json.Unmarshal([]byte(got.out), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// Whichever way the facts are given, and by whichever method, the start-up is near
// what was measured; the published method at one batch size gives figure 17's number.
func TestPredict(t *testing.T) {
	t.Parallel()
	const measured = 48.94 // seconds, of mistral-7b in figure 17
	for _, test := range []struct {
		args   string
		whole  float64 // seconds
		within float64 // seconds
		models int     // learnt from
	}{
		{"--published --model mistral-7b --batch-sizes 1", 47.10, 0.005, 13},
		{"--published --size-b 7 --tokenizer-mb 1.8 --compiled-graph-kb 1120 --batch-sizes 1", 47.10, 0.005, 13},
		{"--model mistral-7b", measured, 1.5, 20},
		{"--weights-gib 13.4967 --tokenizer-mb 1.8 --compiled-graph-kb 1120", measured, 1.5, 20},
		{"--weights-gib 13.4967 --tokenizer-mb 1.8 --layers 32", measured, 1.5, 20},
		{"--size-b 7.25 --tokenizer-mb 1.8 --layers 32", measured, 1.5, 20},
	} {
		t.Run(test.args, func(t *testing.T) {
			p := predictJSON(t, test.args)
			if math.Abs(p.Whole-test.whole) > test.within || p.Validated.Models != test.models {
				t.Errorf("%.2f s from %d models, want %.2f s from %d", p.Whole, p.Validated.Models, test.whole, test.models)
			}
			if !(0 <= p.Interval.Low && p.Interval.Low < p.Whole && p.Whole < p.Interval.High && p.Interval.Confidence == 0.95) {
				t.Errorf("%.2f s is not within %+v", p.Whole, p.Interval)
			}
			if published := strings.Contains(test.args, "--published"); published == (p.InNoPhase != nil) {
				t.Errorf("in no phase: %v", p.InNoPhase)
			}
		})
	}
}

// The catalogue's facts and the same facts by flags give the same prediction.
func TestPredictByFlags(t *testing.T) {
	t.Parallel()
	byModel := coldstart(t, strings.Fields("predict --model mistral-7b")...)
	byFlags := coldstart(t, strings.Fields("predict --weights-gib 13.4967 --tokenizer-mb 1.8 --compiled-graph-kb 1120")...)
	if byModel.out != byFlags.out {
		t.Errorf("by its name\n%s\nby its facts\n%s", byModel.out, byFlags.out)
	}
}

// The table ends with the start-up and its interval; then come the error, and the
// models that were not learnt from.
func TestPredictTable(t *testing.T) {
	t.Parallel()
	got := coldstart(t, "predict", "--size-b", "8", "--tokenizer-mb", "8.7", "--compiled-graph-kb", "1121")
	for _, part := range []string{"95 % interval (s)", "in no phase", "Learnt from 20 models by weights, tokenizer and compiled graphs",
		"Cross-validation predicts each of the 20 models from the others: it is off by "} {
		if !strings.Contains(got.out, part) {
			t.Errorf("%q is missing in\n%s", part, got.out)
		}
	}
	for _, part := range []string{"weights: 14.9 GiB, for 8 billion parameters of 16 bits",
		"not learnt from: Granite4.0-h-32B loaded a GiB in 0.14 s and most models in 1.97 s, from another source"} {
		if !strings.Contains(got.err, part) {
			t.Errorf("%q is missing in\n%s", part, got.err)
		}
	}
}

// Results without figure 17 are learnt from if they have the runs that it needs, whichever
// figure they were made for.
func TestPredictFromOtherFigures(t *testing.T) {
	t.Parallel()
	for figures, want := range map[string]string{
		"4,17": "Learnt from 20 models by weights, tokenizer and layers",
		"4,7":  "Learnt from 20 models by weights, tokenizer and layers",
		"7":    `the results lack the measurement set "models", from whose runs predict learns: measure one of the figures 3, 4, 5, 6, 8, 17, or leave out --from`,
	} {
		out := t.TempDir()
		if got := coldstart(t, "reproduce", "--figures", figures, "--iterations", "5", "--out", out, "--state", t.TempDir()); got.code != exitDone {
			t.Fatalf("exit %d: %s", got.code, got.err)
		}
		got := coldstart(t, "predict", "--weights-gib", "15", "--tokenizer-mb", "8.7", "--layers", "32", "--from", out)
		if says := got.out + got.err; !strings.Contains(says, want) {
			t.Errorf("from figures %s: %q is missing in\n%s", figures, want, says)
		}
	}
}

// A figure of the set that has no runs is passed over.
func TestPredictFromANodeWithRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lab := filepath.Join(dir, "lab.yaml")
	text := "default_node: n2\nnodes: {n1: {}, n2: {}}\nfigures: {3: {nodes: [n2]}, 4: {nodes: [n1]}}\n"
	if err := os.WriteFile(lab, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	coldstart(t, "reproduce", "--figures", "3,4", "--matrix", lab, "--out", out, "--state", t.TempDir()) // n2 has no runs
	got := coldstart(t, "predict", "--model", "mistral-7b", "--from", out)
	if got.code != exitDone || !strings.Contains(got.out, "Learnt from 20 models") {
		t.Errorf("exit %d:\n%s%s", got.code, got.out, got.err)
	}
}

// Another session's results are learnt from as the paper's are.
func TestPredictFrom(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	if got := coldstart(t, "reproduce", "--figures", "17", "--iterations", "5", "--out", out, "--state", t.TempDir()); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.err)
	}
	if own, paper := predictJSON(t, "--model qwen-7b --from "+out), predictJSON(t, "--model qwen-7b"); own.Whole != paper.Whole {
		t.Errorf("from a replay's results %v s, from the paper's %v s", own.Whole, paper.Whole)
	}
}

// Where the published method falls below zero, that is said; the default never does.
func TestPredictBelowZero(t *testing.T) {
	t.Parallel()
	const tiny = "predict --size-b 0.1 --tokenizer-mb 0.1 --compiled-graph-kb 1"
	published := coldstart(t, strings.Fields(tiny+" --published")...)
	if want := "the prediction is negative for load_weights, graph_compile_cached"; !strings.Contains(published.err, want) {
		t.Errorf("%q is missing in %s", want, published.err)
	}
	got := coldstart(t, strings.Fields(tiny)...)
	if strings.Contains(got.err, "negative") || strings.Contains(got.out, " -") {
		t.Errorf("%s%s", got.out, got.err)
	}
}

// A model's folder has the facts that predict needs.
func TestPredictsAFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ownModel(t, "models/mine")
	got := coldstart(t, "predict", "--model", b.path("models/mine"))
	if got.code != exitDone || !strings.Contains(got.out, "Learnt from") {
		t.Errorf("exit %d:\n%s%s", got.code, got.out, got.err)
	}
	if err := os.Remove(b.path("models/mine/model.safetensors")); err != nil {
		t.Fatal(err)
	}
	got = coldstart(t, "predict", "--model", b.path("models/mine"))
	if want := "its weight file is missing"; got.code == exitDone || !strings.Contains(got.err, want) {
		t.Errorf("exit %d, %q lacks %q", got.code, got.err, want)
	}
}
