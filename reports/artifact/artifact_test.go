package artifact

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// onePlan has one figure on n1 with two models, one of them with an argument.
func onePlan() *result.Plan {
	return &result.Plan{
		Engine: result.Logs, Iterations: 1,
		Sets: []result.Set{{Name: "models", Configurations: []result.Configuration{
			{ID: "alpha", Model: "alpha"},
			{ID: "beta_max-model-len_4096", Model: "beta", Args: []result.Arg{{Name: "max-model-len", Value: "4096"}}},
		}}},
		Cells: []result.Cell{{ID: "figure7-n1", Figure: "7", Node: "n1", Set: "models"}, {ID: "hardware-n1", Node: "n1"}},
	}
}

// startup is the log of a start-up whose profiling took the given seconds.
func startup(seconds float64) string {
	return fmt.Sprintf("INFO 02-09 16:00:00.000 [core.py:74] Initializing a V1 LLM engine (v0.10.1.1)\n"+
		"INFO 02-09 16:00:00.000 [gpu_worker.py:275] Memory profiling takes %.2f seconds.\n"+
		"INFO 02-09 16:00:09.000 [core.py:214] init engine (profile, create kv cache, warmup model) took 9.00 seconds\n", seconds)
}

func gzipped(text string) string {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write([]byte(text))
	w.Close()
	return packed.String()
}

// summary writes a run as "iteration configuration seconds", or why it failed.
func summary(run result.Run) string {
	outcome := run.Failed
	if outcome == "" {
		seconds, _ := run.Seconds.Get(phase.KVCacheProfiling)
		outcome = fmt.Sprint(seconds, " s")
	}
	return fmt.Sprintf("%d %s %s", run.Iteration, run.Configuration, outcome)
}

// A directory in the layout of the paper's artifact is read, with missing and odd files.
func TestRead(t *testing.T) {
	// The second figure has two roles, with a folder each; the third samples the cores;
	// the fourth has one log per release.
	plan := onePlan()
	plan.Sets = append(plan.Sets,
		result.Set{Name: "cores", SampleCPU: true, Configurations: []result.Configuration{{ID: "alpha", Model: "alpha"}}},
		result.Set{Name: "versions", Releases: true, Configurations: []result.Configuration{
			{ID: "alpha_vllm-0.3.1", Model: "alpha", Release: "0.3.1"},
		}},
	)
	plan.Cells = append(plan.Cells,
		result.Cell{ID: "figure10-gpu1-n1", Figure: "10", Role: "gpu1", Node: "n1", Set: "models"},
		result.Cell{ID: "figure12-n1", Figure: "12", Node: "n1", Set: "cores"},
		result.Cell{ID: "figure1-n1", Figure: "1", Node: "n1", Set: "versions"},
	)
	tests := []struct {
		name     string
		files    map[string]string
		want     map[string][]string // runs by cell
		warnings []string            // DIR is the directory
	}{
		{
			name: "iterations and the warm-up, in the order of the set",
			files: map[string]string{
				"figure-7/uncached/output_model_alpha.txt":                       startup(5),
				"figure-7/iterations/10/output_model_alpha.txt":                  startup(10),
				"figure-7/iterations/2/output_model_alpha.txt":                   startup(2),
				"figure-7/iterations/1/output_model_beta_max_model_len_4096.txt": startup(3),
				"figure-7/iterations/1/output_model_alpha.txt":                   startup(1),
				"figure-7/iterations/notes/output_model_alpha.txt":               startup(9),
				"figure-7/iterations/1/comparison_results.json":                  "{}",
			},
			want: map[string][]string{"figure7-n1": {"0 alpha 5 s", "1 alpha 1 s", "1 beta_max-model-len_4096 3 s", "2 alpha 2 s", "10 alpha 10 s"}},
		},
		{
			name: "a figure without a folder of its own is one of the rest",
			files: map[string]string{
				"figure-rest/iterations/1/output_model_alpha.txt":    startup(1),
				"figure-10/gpu1/iterations/1/output_model_alpha.txt": startup(4),
			},
			want: map[string][]string{"figure7-n1": {"1 alpha 1 s"}, "figure10-gpu1-n1": {"1 alpha 4 s"}},
		},
		{
			name: "a log that was compressed, and one that is empty",
			files: map[string]string{
				"figure-7/iterations/1/output_model_alpha.txt.gz": gzipped(startup(1)),
				"figure-7/iterations/2/output_model_alpha.txt":    "",
			},
			want: map[string][]string{"figure7-n1": {"1 alpha 1 s", "2 alpha DIR/figure-7/iterations/2/output_model_alpha.txt: the log is empty: the engine printed nothing"}},
		},
		{
			name: "a compressed log that was cut off",
			files: map[string]string{
				"figure-7/iterations/1/output_model_alpha.txt.gz": gzipped(startup(1))[:100],
			},
			want: map[string][]string{"figure7-n1": {"1 alpha DIR/figure-7/iterations/1/output_model_alpha.txt.gz:2: unexpected EOF"}},
		},
		{
			name: "a model that is not of the set, and one without the set's arguments",
			files: map[string]string{
				"figure-7/iterations/1/output_model_gamma.txt": startup(1),
				"figure-7/iterations/1/output_model_beta.txt":  startup(2),
			},
			want: map[string][]string{"figure7-n1": {"1 beta_max-model-len_4096 2 s"}},
			warnings: []string{
				"models on n1: the log of beta is named without arguments and counts as beta_max-model-len_4096",
				"DIR/figure-7/iterations/1/output_model_gamma.txt: set models has no configuration of that name; the log is left out",
			},
		},
		{
			name: "samples of the cores, with and without a log beside them",
			files: map[string]string{
				"figure-12/cpu_usage.json": "[[0, 12.5], [100, 3]]",
				"figure-12/alpha.txt":      startup(1),
			},
			want: map[string][]string{"figure12-n1": {"1 alpha 1 s"}},
		},
		{
			name: "a log a release, one of another than its name says",
			files: map[string]string{
				"figure-1/iterations/output_0.3.1.txt": "INFO 02-16 16:29:21 [a.py:1] Initializing an LLM engine (v0.4.0) with config: x\ninitialize_engine took 8.17 seconds\n",
			},
			want:     map[string][]string{"figure1-n1": {"1 alpha_vllm-0.3.1 0 s"}},
			warnings: []string{"DIR/figure-1/iterations/output_0.3.1.txt: named for release 0.3.1, but the log is from release 0.4.0"},
		},
		{
			name: "folders with nothing measured in them cost no other figure",
			files: map[string]string{
				"figure-7/iterations/1/output_model_alpha.txt": startup(1),
				"figure-10/gpu1/figure10.pdf":                  "",
				"figure-12/figure12.pdf":                       "",
				"figure-1/figure1.pdf":                         "",
			},
			want: map[string][]string{"figure7-n1": {"1 alpha 1 s"}},
			warnings: []string{
				"figure10-gpu1-n1 is left out: DIR/figure-10/gpu1/iterations does not exist",
				"figure12-n1 is left out: DIR/figure-12/cpu_usage.json does not exist",
				"figure1-n1 is left out: DIR/figure-1/iterations does not exist",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			testkit.WriteFiles(t, root, test.files)
			results, err := Read(root, plan)
			if err != nil {
				t.Fatal(err)
			}
			named := strings.NewReplacer(root, "DIR")
			got := map[string][]string{}
			for id, cell := range results.Cells {
				for _, run := range cell.Runs {
					got[id] = append(got[id], named.Replace(summary(run)))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("runs (-want +got):\n%s", diff)
			}
			var warnings []string
			for _, w := range results.Warnings {
				warnings = append(warnings, named.Replace(w))
			}
			if diff := cmp.Diff(test.warnings, warnings); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if len(results.Provenance) != 1 || !strings.Contains(results.Provenance[0], "names no nodes") {
				t.Errorf("provenance %q", results.Provenance)
			}
		})
	}
}

// Logs have no date but their stamps, and as many iterations as there are: the time at
// which a copy was last modified says nothing.
func TestReadTellsNoSession(t *testing.T) {
	root := t.TempDir()
	later := strings.ReplaceAll(startup(1), "02-09", "02-13")
	testkit.WriteFiles(t, root, map[string]string{
		"figure-7/iterations/1/output_model_alpha.txt": later,
		"figure-7/iterations/3/output_model_alpha.txt": startup(1),
	})
	plan := onePlan()
	plan.Session = root
	results, err := Read(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	if !results.Plan.Date.IsZero() || results.Plan.Iterations != 3 {
		t.Errorf("dated %v with %d iterations, want no date and 3", results.Plan.Date, results.Plan.Iterations)
	}
	if want := "stamped 02-09 16:00 to 02-13 16:00, year unknown"; results.Stamped != want {
		t.Errorf("%q, want %q", results.Stamped, want)
	}
	if cell := results.Cells["figure7-n1"]; cell.Engine != result.Logs || cell.Session != root {
		t.Errorf("the cell is of engine %s, session %s", cell.Engine, cell.Session)
	}
	if plan.Iterations != 1 {
		t.Errorf("the caller's plan now has %d iterations", plan.Iterations)
	}
}

// The samples are the artifact's, ten per second.
func TestReadSamples(t *testing.T) {
	root, plan := t.TempDir(), onePlan()
	plan.Sets[0].SampleCPU = true
	file := filepath.Join(root, "figure-7/cpu_usage.json")
	testkit.WriteFiles(t, root, map[string]string{"figure-7/cpu_usage.json": "[[0, 12.5],\n [100, 3]]"})
	results, err := Read(root, plan)
	if err != nil {
		t.Fatal(err)
	}
	want := &result.CPUUsage{Interval: 0.1, Samples: [][]float64{{0, 12.5}, {100, 3}}}
	if diff := cmp.Diff(want, results.Cells["figure7-n1"].Usage); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	testkit.WriteFiles(t, root, map[string]string{"figure-7/cpu_usage.json": "[[0, 12.5],\n [100, x]]"})
	if _, err := Read(root, plan); err == nil || !strings.HasPrefix(err.Error(), file+":2:8: invalid character 'x'") {
		t.Errorf("broken samples: %v", err)
	}
}

// A directory without the layout is not an artifact. Its name may have any characters.
func TestIs(t *testing.T) {
	root := filepath.Join(t.TempDir(), "[a*")
	if Is(root) {
		t.Error("an empty directory is an artifact")
	}
	_, err := Read(root, onePlan())
	if want := (&result.NoResultsError{Dir: root}).Error(); err == nil || err.Error() != want {
		t.Errorf("read as one: %v, want %s", err, want)
	}
	testkit.WriteFiles(t, root, map[string]string{"figure-rest/env.json": "{}"})
	if !Is(root) {
		t.Error("a directory of figure-* is no artifact")
	}
}

// Nothing waits for a pipe in the place of a file, which is left out with a warning.
func TestReadPipes(t *testing.T) {
	for _, sampled := range []bool{false, true} {
		root, plan := t.TempDir(), onePlan()
		plan.Sets[0].SampleCPU = sampled
		id := plan.Sets[0].Configurations[0].ID
		path := filepath.Join(root, "figure-7/iterations/1/output_model_"+id+".txt")
		if sampled {
			path = filepath.Join(root, "figure-7/cpu_usage.json")
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(path, 0o644); err != nil {
			t.Skip(err)
		}
		results, err := Read(root, plan)
		if want := path + ": not a plain file; it is left out"; err != nil || !slices.Contains(results.Warnings, want) {
			t.Errorf("%v, warnings %q", err, results.Warnings)
		}
	}
}
