package paper_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/runner/paper"
)

// As many runs as the paper's protocol makes: every set's configurations, once to
// warm up and five times counted.
func TestMeasurements(t *testing.T) {
	want := map[string]int{
		"breakdown n1": 1, "models n1": 22, "no-torch-compile n1": 10, "graph-batch-sizes n1": 7, "loaders n1": 12, "no-compile-cache n1": 10,
		"baseline n1": 11, "baseline n2": 11, "baseline n3": 11, "baseline-ssd n1": 11,
	}
	for iteration := range 1 + paper.Iterations {
		got := map[string]int{}
		for _, m := range paper.Measurements() {
			if m.Iteration == iteration {
				got[m.Set+" "+m.Node]++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("iteration %d (-want +got):\n%s", iteration, diff)
		}
	}
}

// Every recorded run came up and weighs something, and no two are the same run.
func TestMeasurementsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range paper.Measurements() {
		name := fmt.Sprintf("%s on %s: %s %s, iteration %d", m.Set, m.Node, m.Model, m.Args, m.Iteration)
		if seen[name] {
			t.Errorf("%s: twice", name)
		}
		seen[name] = true
		if m.Iteration < 0 || m.Iteration > paper.Iterations || m.WeightsGiB <= 0 {
			t.Errorf("%s: %v GiB", name, m.WeightsGiB)
		}
		for _, p := range []phase.Phase{phase.FrameworkBootstrap, phase.ModelLoading, phase.InitEngine, phase.TokenizerInit, phase.TotalTime, phase.ActualTotalTime} {
			if seconds, ok := m.Seconds.Get(p); !ok || seconds <= 0 {
				t.Errorf("%s: %v is %v s, known %t", name, p, seconds, ok)
			}
		}
	}
}

// Figure 1's releases stand oldest first.
func TestReleases(t *testing.T) {
	var got []string
	for _, r := range paper.Releases() {
		got = append(got, fmt.Sprintf("%s %s %s %.2f", r.Version, r.Released, r.Transformers, r.InitializeEngine))
	}
	want := []string{
		"0.3.1 Feb 24 4.37.0 8.17", "0.4.0 Apr 24 4.39.1 8.27", "0.5.0 Jun 24 4.40.0 9.82", "0.6.0 Sep 24 4.43.2 14.36", "0.7.0 Jan 25 4.45.2 20.12",
		"0.8.0 Mar 25 4.48.2 33.98", "0.9.0 May 25 4.51.1 34.77", "0.10.0 Jul 25 4.53.2 19.19", "0.11.0 Oct 25 4.55.2 13.61",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Figure 12's samples are of n1's 64 hardware threads, ten times a second.
func TestCPUUsage(t *testing.T) {
	usage := paper.CPUUsage()
	if usage.Interval != 0.1 || len(usage.Samples) < 100 {
		t.Errorf("%d samples, one every %v s", len(usage.Samples), usage.Interval)
	}
	for i, sample := range usage.Samples {
		if len(sample) != 64 {
			t.Errorf("sample %d is of %d threads", i, len(sample))
		}
		for thread, percent := range sample {
			if percent < 0 || percent > 100 {
				t.Errorf("sample %d: thread %d is busy %v %%", i, thread, percent)
			}
		}
	}
}

// Every model has the facts that the figures and the predictor rest on.
func TestModels(t *testing.T) {
	for _, m := range paper.Models() {
		facts := m.SizeB > 0 && m.TokenizerMB > 0 && m.CompiledGraphKB > 0
		if m.Key == "opt-6.7b" {
			facts = true // figure 1's, of which no figure needs any
		}
		if !facts || m.Repository == "" {
			t.Errorf("model %s lacks a fact: %+v", m.Key, m)
		}
	}
}
