package compare

import (
	"slices"
	"strings"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/segment"
)

// What changed beside the time is named with it, if all runs of a side agree on it.
func TestCounters(t *testing.T) {
	processes := func(run *result.Run, n int) {
		run.Moments = &result.Moments{Processes: make([]result.Process, n)}
	}
	missed := phase.Finding{Name: "compile_cache_missed"}
	for _, test := range []struct {
		name   string
		change func(side string, turn int, run *result.Run)
		want   string // of the sentence's end and, with the configuration, of what differs
	}{
		{"nothing", func(string, int, *result.Run) {}, ""},
		{"processes", func(side string, _ int, run *result.Run) { processes(run, map[string]int{"a": 5, "b": 9}[side]) }, "processes: 5 → 9"},
		{"the same processes", func(_ string, _ int, run *result.Run) { processes(run, 5) }, ""},
		{"processes that vary", func(_ string, turn int, run *result.Run) { processes(run, 5+turn) }, ""},
		{"processes of one side", func(side string, _ int, run *result.Run) {
			if side == "b" {
				processes(run, 5)
			}
		}, ""},
		{"weights", func(side string, _ int, run *result.Run) {
			run.WeightsGiB = map[string]float64{"a": 5.98, "b": 11.96}[side]
		}, "weights on the GPU: 6.0 GiB → 12.0 GiB"},
		{"weights, by a rounding error", func(side string, _ int, run *result.Run) {
			run.WeightsGiB = map[string]float64{"a": 5.98, "b": 5.9812}[side]
		}, ""},
		{"modules", func(side string, _ int, run *result.Run) {
			run.Counters.Modules = map[string]int{"a": 3214, "b": 3391}[side]
		}, "modules imported: 3214 → 3391"},
		{"modules of one side", func(side string, _ int, run *result.Run) {
			if side == "b" {
				run.Counters.Modules = 3391
			}
		}, ""},
		{"ranges compiled", func(side string, _ int, run *result.Run) {
			run.Counters = map[string]phase.Counters{"a": {Compiled: 1, Captured: 58}, "b": {Compiled: 3, Captured: 58}}[side]
		}, "compile ranges compiled: 1 → 3"},
		{"ranges read from the cache", func(side string, _ int, run *result.Run) {
			run.Counters.Loaded = map[string]int{"a": 1, "b": 3}[side]
		}, "compile ranges from the cache: 1 → 3"},
		{"ranges compiled instead of read", func(side string, _ int, run *result.Run) {
			run.Counters = map[string]phase.Counters{"a": {Loaded: 1}, "b": {Compiled: 1}}[side]
		}, "compile ranges compiled: 0 → 1; compile ranges from the cache: 1 → 0"},
		{"graphs captured", func(side string, _ int, run *result.Run) {
			run.Counters.Captured = map[string]int{"a": 58, "b": 106}[side]
		}, "captures of CUDA graphs: 58 → 106"},
		{"graphs captured of one run", func(side string, turn int, run *result.Run) {
			run.Counters.Captured = map[string]int{"a": 58, "b": 58 + turn/3}[side]
		}, ""},
		{"read from the drives", func(side string, turn int, run *result.Run) {
			read := map[string]float64{"a": 0.01, "b": 5.98}[side] + float64(turn)/1000
			run.Around = &result.Around{ReadGiB: &read}
		}, "read from the drives: 0.0 GiB → 6.0 GiB"},
		{"read from the drives, by a rounding error", func(side string, _ int, run *result.Run) {
			read := map[string]float64{"a": 14.649, "b": 14.651}[side]
			run.Around = &result.Around{ReadGiB: &read}
		}, ""},
		{"a finding", func(side string, _ int, run *result.Run) {
			if side == "b" {
				run.Findings = []phase.Finding{missed}
			}
		}, "finding compile_cache_missed: no → yes"},
		{"a finding of some runs", func(side string, turn int, run *result.Run) {
			if side == "b" && turn > 0 {
				run.Findings = []phase.Finding{missed}
			}
		}, ""},
		{"a straggler", func(side string, _ int, run *result.Run) {
			run.Ranks = []phase.RankPart{{Part: phase.RanksLoad, Seconds: map[string]float64{
				"Worker_TP0": 9, "Worker_TP1": map[string]float64{"a": 9.1, "b": 12}[side],
			}}}
		}, "straggler in loading: none → Worker_TP1"},
		{"a straggler that was slow before", func(side string, turn int, run *result.Run) {
			run.Ranks = []phase.RankPart{{Part: phase.RanksLoad, Seconds: map[string]float64{
				"Worker_TP0": 9, "Worker_TP1": map[string]float64{"a": 12 - float64(turn), "b": 12}[side],
			}}}
		}, ""},
		{"ranks of one side", func(side string, _ int, run *result.Run) {
			if side == "b" {
				run.Ranks = []phase.RankPart{{Part: phase.RanksLoad, Seconds: map[string]float64{"Worker_TP0": 9, "Worker_TP1": 12}}}
			}
		}, ""},
		{"a finding of both sides", func(_ string, _ int, run *result.Run) { run.Findings = []phase.Finding{missed} }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := turnsOf([]float64{30, 30.1, 30.2, 30}, []float64{36, 36.2, 36.1, 36.1})
			for _, side := range []*result.Results{a, b} {
				runs := side.Cells["cell"].Runs
				for i := range runs {
					test.change(side.Plan.Session, i, &runs[i])
				}
			}
			c, _ := wholeOf(t, a, b)
			_, end, _ := strings.Cut(c.Answer.Sentence, "; ")
			if end != test.want {
				t.Errorf("the sentence is %q, want %q at its end", c.Answer.Sentence, test.want)
			}
			var facts []string
			for _, f := range c.Differs {
				facts = append(facts, f.String())
			}
			var want []string
			for fact := range strings.SplitSeq(test.want, "; ") {
				if what, values, told := strings.Cut(fact, ": "); told {
					want = append(want, what+" of m: "+values)
				}
			}
			if !slices.Equal(facts, want) {
				t.Errorf("A and B differ in %q, want %q", facts, want)
			}
		})
	}
}

// Of two sessions, one may be of a coldstart that did not look for findings. Found logs are all
// read by this one.
func TestFindingsOfTwoSessions(t *testing.T) {
	missed := []Fact{{What: "finding compile_cache_missed", Of: "m", A: "no", B: "yes"}}
	for _, test := range []struct {
		name, engine, partOfA string
		want                  []Fact
	}{
		{"sessions", "vllm", "llm_imports", nil},
		{"logs", result.Logs, "llm_imports", missed},
		{"logs without debug lines in A, which may tell of it", result.Logs, "configuration", nil},
	} {
		engine, want := test.engine, test.want
		a, b := turnsOf([]float64{30, 30.1, 30.2}, []float64{36, 36.2, 36.1})
		b.Plan.Date = b.Plan.Date.Add(2 * time.Hour)
		a.Plan.Engine, b.Plan.Engine = engine, engine
		begin := func(run *result.Run, part string) {
			run.Segments = segment.Times{{First: segment.FrontEnd, Last: segment.FrontEnd, Took: time.Second}}
			run.Parts = segment.PartTimes{{Of: "front_end", Name: part, Seconds: 1}}
		}
		for i := range b.Cells["cell"].Runs {
			run := &b.Cells["cell"].Runs[i]
			run.Findings = []phase.Finding{{Name: "compile_cache_missed"}}
			begin(run, "llm_imports")
			begin(&a.Cells["cell"].Runs[i], test.partOfA)
		}
		c, err := Results(a, b, Options{})
		if err != nil || !slices.Equal(c.Differs, want) {
			t.Errorf("%s: A and B differ in %v, want %v; %v", test.name, c.Differs, want, err)
		}
	}
}

// A warning names a side whose runs differ in settings or findings.
func TestMixedRuns(t *testing.T) {
	missed := []phase.Finding{{Name: "compile_cache_missed"}}
	for _, test := range []struct {
		name   string
		change func(run *result.Run, cell *result.CellResult, i int)
		want   []string
	}{
		{"alike", func(run *result.Run, cell *result.CellResult, _ int) {
			run.Findings, run.Setup = missed, cell.KeepSetup(&phase.Setup{Config: "seed=0"})
		}, nil},
		{"a cold cache in one of three", func(run *result.Run, _ *result.CellResult, i int) {
			if i == 0 {
				run.Findings = missed
			}
		}, []string{"1 of 3 runs of A has the finding compile_cache_missed: its mean mixes both kinds"}},
		{"a cold cache in two of three", func(run *result.Run, _ *result.CellResult, i int) {
			if i > 0 {
				run.Findings = missed
			}
		}, []string{"2 of 3 runs of A have the finding compile_cache_missed: its mean mixes both kinds"}},
		{"other settings", func(run *result.Run, cell *result.CellResult, i int) {
			run.Setup = cell.KeepSetup(&phase.Setup{
				Config: []phase.Config{
					"a=1, b=1, c=1, d=1, e=1", "a=2, b=2, c=2, d=2, e=1", "a=1, b=1, c=1, d=1, e=2",
				}[i],
			})
		}, []string{"the runs of A have different settings, and its mean mixes them: a, b, c and 2 more"}},
	} {
		a, b := turnsOf([]float64{30, 30.1, 30.2}, []float64{36, 36.2, 36.1})
		cell := a.Cells["cell"]
		for i := range cell.Runs {
			test.change(&cell.Runs[i], cell, i)
		}
		if c, _ := wholeOf(t, a, b); !slices.Equal(c.Configurations[0].Warnings, test.want) {
			t.Errorf("%s: %q, want %q", test.name, c.Configurations[0].Warnings, test.want)
		}
	}
}
