package paper

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// The paper's measurement sets, each with as many configurations as the paper
// measured.
func TestSets(t *testing.T) {
	want := map[string]int{
		"versions": 9, "breakdown": 1, "models": 22, "no-torch-compile": 10, "graph-batch-sizes": 7,
		"baseline": 11, "baseline-ssd": 11, "loaders": 12, "no-compile-cache": 10, "cpu-usage": 1,
	}
	got := map[string]int{}
	for name, set := range Sets() {
		got[name] = len(set.Configurations)
		if set.Name != name {
			t.Errorf("set %s is named %s", name, set.Name)
		}
		if set.Variables["VLLM_LOGGING_LEVEL"] != "DEBUG" {
			t.Errorf("set %s does not log everything: %v", name, set.Variables)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configurations (-want +got):\n%s", diff)
	}
}

// What the protocol treats apart is told by the set.
func TestProtocol(t *testing.T) {
	type protocol struct {
		DropPageCache, SampleCPU, Releases bool
		Iterations                         int
	}
	want := map[string]protocol{
		"baseline-ssd": {DropPageCache: true},
		"cpu-usage":    {SampleCPU: true, Iterations: 1},
		"versions":     {Releases: true, Iterations: 1},
	}
	for name, set := range Sets() {
		got := protocol{set.DropPageCache, set.SampleCPU, set.Releases, set.Iterations}
		if got != want[name] {
			t.Errorf("set %s: %+v, want %+v", name, got, want[name])
		}
	}
}

// A configuration's ID names one of its set, and files on every system.
func TestConfigurationIDs(t *testing.T) {
	fit := regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	for name, set := range Sets() {
		seen := map[string]bool{}
		for _, c := range set.Configurations {
			if seen[c.ID] {
				t.Errorf("set %s has %s twice", name, c.ID)
			}
			seen[c.ID] = true
			if !fit.MatchString(c.ID) || len(c.ID) > 100 {
				t.Errorf("set %s: %q is no file name", name, c.ID)
			}
		}
	}
}

// A few configurations, as they are measured.
func TestConfigurations(t *testing.T) {
	tests := []struct {
		set  string
		want result.Configuration
	}{
		{"baseline", result.Configuration{ID: "qwen-4b", Model: "qwen-4b", BatchSizes: 35}},
		{"baseline", result.Configuration{ID: "qwen-14b_max-model-len_16752", Model: "qwen-14b", BatchSizes: 35, Args: []result.Arg{{Name: "max-model-len", Value: "16752"}}}},
		{"models", result.Configuration{ID: "granite4.0-h-3b_no-enable-prefix-caching", Model: "granite4.0-h-3b", BatchSizes: 35, Args: []result.Arg{{Name: "no-enable-prefix-caching"}}, Variables: map[string]string{"VLLM_ATTENTION_BACKEND": "FLASHINFER"}, Environment: "vllm-0.10.1.1-flashinfer"}},
		{"loaders", result.Configuration{ID: "yi-6b_load-format_tensorizer", Model: "yi-6b", Directory: "yi-6b-tensorized", BatchSizes: 35, Args: []result.Arg{{Name: "load-format", Value: "tensorizer"}}, Environment: "vllm-0.10.1.1-flashinfer"}},
		{"loaders", result.Configuration{ID: "yi-6b_load-format_runai_streamer", Model: "yi-6b", BatchSizes: 35, Args: []result.Arg{{Name: "load-format", Value: "runai_streamer"}}, Environment: "vllm-0.10.1.1-flashinfer"}},
		{"versions", result.Configuration{ID: "opt-6.7b_vllm-0.3.1", Model: "opt-6.7b", Release: "0.3.1", Released: "Feb 24"}},
	}
	for _, test := range tests {
		set := Sets()[test.set]
		i := slices.IndexFunc(set.Configurations, func(c result.Configuration) bool { return c.ID == test.want.ID })
		if i < 0 {
			t.Errorf("set %s has no %s", test.set, test.want.ID)
			continue
		}
		if diff := cmp.Diff(test.want, set.Configurations[i]); diff != "" {
			t.Errorf("set %s (-want +got):\n%s", test.set, diff)
		}
	}
}

// How many batch sizes CUDA graphs are captured for: 3 + n/8 up to a largest n,
// or as many as are listed.
func TestBatchSizes(t *testing.T) {
	want := map[string]int{"1": 3, "56": 10, "136": 20, "216": 30, "296": 40, "376": 50, "456": 60}
	got := map[string]int{}
	for _, c := range Sets()["graph-batch-sizes"].Configurations {
		got[c.Args[0].Value] = c.BatchSizes
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figure 9's sizes (-want +got):\n%s", diff)
	}
	for _, c := range Sets()["models"].Configurations {
		if c.BatchSizes != 35 {
			t.Errorf("%s captures %d sizes, want 35", c.ID, c.BatchSizes)
		}
	}
}

// Every figure of the paper, in order, with its sides and what they measure.
func TestFigures(t *testing.T) {
	var got []string
	for _, f := range Figures() {
		words := []string{f.Number, f.Kind}
		for _, role := range f.Roles {
			words = append(words, strings.TrimPrefix(role+":"+f.Sets[role], ":"))
		}
		got = append(got, strings.Join(words, " "))
	}
	got = append(got, "rest: "+strings.Join(Rest(), " "))
	testkit.Golden(t, "testdata/figures.txt", strings.Join(got, "\n")+"\n")
}

// A comparison's words name the lab's nodes, whichever they are.
func TestWordsOfComparisons(t *testing.T) {
	want := map[string][2]string{
		"10": {"GPU: {gpu1} over {gpu0}", "Normalized to node {gpu0} values"},
		"11": {"CPU: {cpu1} over {cpu0}", "Normalized to node {cpu0} values"},
		"13": {"Weights from SSD over weights from DRAM", "Normalized to DRAM loading"},
	}
	for _, f := range Figures() {
		if words, compares := want[f.Number]; compares && words != [2]string{f.Title, f.YLabel} {
			t.Errorf("figure %s: %q, %q; want %q", f.Number, f.Title, f.YLabel, words)
		}
	}
}

// Whatever a set or a figure names exists, and has what the figure shows.
func TestNamesExist(t *testing.T) {
	models := map[string]result.Model{}
	for _, m := range Models() {
		if m.Label == "" || m.Repository == "" {
			t.Errorf("model %q lacks its label or repository: %+v", m.Key, m)
		}
		models[m.Key] = m
	}
	for name, set := range Sets() {
		for _, c := range set.Configurations {
			if _, ok := models[c.Model]; !ok {
				t.Errorf("set %s: no model %q", name, c.Model)
			}
		}
	}
	for _, f := range Figures() {
		for _, role := range f.Roles {
			if _, ok := Sets()[f.Sets[role]]; !ok {
				t.Errorf("figure %s: no set %q", f.Number, f.Sets[role])
			}
		}
		for _, key := range slices.Concat(f.Models, f.ExcludedFit, f.LeftOut) {
			if _, ok := models[key]; !ok {
				t.Errorf("figure %s: no model %q", f.Number, key)
			}
		}
		for _, step := range f.Steps {
			if step.Phase == phase.None || step.Label == "" {
				t.Errorf("figure %s: step %+v lacks its phase or label", f.Number, step)
			}
		}
		if f.Title == "" || f.YLabel == "" {
			t.Errorf("figure %s lacks a title or an axis title: %+v", f.Number, f)
		}
	}
	if len(models) != 23 {
		t.Errorf("%d models, want 23", len(models))
	}
}
