package paper_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/artifact"
	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
	"coldstart/runner/environment"
	"coldstart/runner/paper"
)

// started calls check with every recorded start of the paper's release.
func started(t *testing.T, check func(cell *result.CellResult, run *result.Run, setup *phase.Setup)) {
	t.Helper()
	logs, err := artifact.Read(testkit.Artifact(t), &recordedResults(t).Plan)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, cell := range logs.Cells {
		for i := range cell.Runs {
			run := &cell.Runs[i]
			setup := cell.SetupOf(run)
			if logs.Plan.Set(cell.Cell.Set).Releases {
				continue
			}
			if setup == nil {
				t.Fatalf("%s does not tell how the engine was set up", run.Log)
			}
			n++
			check(cell, run, setup)
		}
	}
	if n < 769 {
		t.Errorf("%d recorded starts of the paper's release, want 769 at least", n)
	}
}

// The data say of every recorded run how its engine was set up and when its segments ended,
// as its log does.
func TestRecordedSetups(t *testing.T) {
	data := recordedResults(t)
	started(t, func(cell *result.CellResult, run *result.Run, setup *phase.Setup) {
		known := data.Cell(cell.Cell.ID)
		i := slices.IndexFunc(known.Runs, func(r result.Run) bool {
			return r.Configuration == run.Configuration && r.Iteration == max(1, run.Iteration)
		})
		if cell.Cell.Set == "cpu-usage" { // of which the data have no runs
			return
		}
		if i < 0 {
			t.Fatalf("the data have no run of %s", run.Log)
		}
		if diff := cmp.Diff(run.Segments, known.Runs[i].Segments); diff != "" && run.Iteration > 0 {
			t.Errorf("%s: segments (-log +data):\n%s", run.Log, diff)
		}
		recorded := known.SetupOf(&known.Runs[i])
		if recorded == nil {
			t.Fatalf("the data say nothing of the setup of %s", run.Log)
		}
		for _, d := range recorded.Differences(setup) {
			t.Errorf("%s: %s is %s in the data, and %s in the log", run.Log, d.Name, d.A, d.B)
		}
		if recorded.Start == "" || recorded.Attention == "" || recorded.Sampler == "" || setup.Start == "" || setup.Attention == "" || setup.Sampler == "" {
			t.Errorf("%s: data %+v, log %+v", run.Log, recorded, setup)
		}
	})
}

// What the catalogue asks for is what the recorded logs show: attention backend,
// sampler, load format, capture sizes, compilation and start method.
func TestCatalogueAgreesWithTheLogs(t *testing.T) {
	started(t, func(cell *result.CellResult, run *result.Run, setup *phase.Setup) {
		set := paper.Sets()[cell.Cell.Set]
		i := slices.IndexFunc(set.Configurations, func(c result.Configuration) bool { return c.ID == run.Configuration })
		c := &set.Configurations[i]
		e, _ := environment.Catalogue().Find(environment.Of(c))
		variables := map[string]string{}
		for _, of := range []map[string]string{e.Variables, set.Variables, c.Variables} {
			maps.Copy(variables, of)
		}
		wants := func(what string, asked, shown bool) {
			if asked != shown {
				t.Errorf("%s of set %s: %s is asked for: %t; its log %s shows it: %t", c.ID, set.Name, what, asked, run.Log, shown)
			}
		}
		flashInfer := slices.Contains(e.Packages, "flashinfer-python==0.2.11")
		if !otherSampler(cell) {
			wants("FlashInfer's sampler", flashInfer, setup.Sampler == "FlashInfer")
		}
		wants("FlashInfer's attention", variables["VLLM_ATTENTION_BACKEND"] == "FLASHINFER", setup.Attention == "FlashInfer")
		wants("a spawned engine process", variables["VLLM_WORKER_MULTIPROC_METHOD"] == "spawn", setup.Start == phase.Spawned)
		wants("no compilation", variables["TORCH_COMPILE_DISABLE"] == "1", !run.Seconds.Has(phase.DynamoTransform))
		if variables["TORCH_COMPILE_DISABLE"] == "" && run.Iteration > 0 {
			wants("no compile cache", variables["VLLM_DISABLE_COMPILE_CACHE"] == "1", !run.Seconds.Has(phase.GraphCompileCached))
		}
		fields := setup.Config.Fields()
		if format := argument(c, "load-format", "auto"); format != fields["load_format"] {
			t.Errorf("%s of set %s loads %s, and its log says %s", c.ID, set.Name, format, fields["load_format"])
		}
		var sizes []int
		if err := json.Unmarshal([]byte(fields["compilation_config.cudagraph_capture_sizes"]), &sizes); err != nil {
			t.Fatalf("%s: %v", run.Log, err)
		}
		if c.BatchSizes != len(sizes) {
			t.Errorf("%s of set %s captures %d sizes, and its log says %d", c.ID, set.Name, c.BatchSizes, len(sizes))
		}
	})
}

// otherSampler tells of the one side that was recorded otherwise than its set is
// measured: n2 had FlashInfer for figure 10, and n1 and n3 had not.
func otherSampler(cell *result.CellResult) bool {
	return cell.Cell.Set == "baseline" && cell.Cell.Node == "n2"
}

func argument(c *result.Configuration, name, otherwise string) string {
	for _, arg := range c.Args {
		if arg.Name == name {
			return arg.Value
		}
	}
	return otherwise
}
