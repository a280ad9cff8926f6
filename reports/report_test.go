package reports

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// session is of figures 4 and 7 on n1, which share the runs of one model.
func session() *result.Results {
	figure := func(number string, metric phase.Phase) result.Figure {
		return result.Figure{
			Number: number, Name: "figure" + number, Kind: "trend", Title: metric.String(),
			Metric: result.OfPhase(metric), X: "size_b", Models: []string{"yi-6b"},
			Roles: []string{""}, Nodes: map[string]string{"": "n1"}, Cells: map[string]string{"": "figure" + number + "-n1"},
		}
	}
	plan := result.Plan{
		Schema: result.Schema, Session: "s1", Date: noon, Engine: "vllm", Iterations: 1,
		Nodes:   []result.Node{{Name: "n1"}},
		Models:  []result.Model{{Key: "yi-6b", Label: "Yi-6B", SizeB: 6}},
		Sets:    []result.Set{{Name: "models", Configurations: []result.Configuration{{ID: "yi-6b", Model: "yi-6b"}}}},
		Figures: []result.Figure{figure("4", phase.LoadWeights), figure("7", phase.KVCacheProfiling)},
		Cells: []result.Cell{
			{ID: "figure4-n1", Figure: "4", Node: "n1", Set: "models"},
			{ID: "figure7-n1", Figure: "7", Node: "n1", Set: "models", Shares: "figure4-n1"},
		},
	}
	run := result.Run{Iteration: 1, Configuration: "yi-6b"}
	run.Seconds.Set(phase.LoadWeights, 7)
	run.Seconds.Set(phase.KVCacheProfiling, 1)
	cell := &result.CellResult{Session: "s1", Engine: "vllm", Cell: plan.Cells[0], Runs: []result.Run{run}}
	return &result.Results{Plan: plan, Cells: map[string]*result.CellResult{"figure4-n1": cell}}
}

// written writes the report of results into a directory, and returns its files.
func written(t *testing.T, results *result.Results, dir string) (report *Report, files map[string]string) {
	t.Helper()
	report, err := New(t.Context(), results, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return report, filesOf(t, dir)
}

func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"*", "data/*"} {
		paths, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, path := range paths {
			if text, err := os.ReadFile(path); err == nil {
				name, _ := filepath.Rel(dir, path)
				files[filepath.ToSlash(name)] = string(text)
			}
		}
	}
	return files
}

// always are the files of every report.
var always = []string{"hardware.csv", "hardware.md", "hardware.pdf", "report.pdf", "summary.md"}

// wantFiles compares the names of a report's files.
func wantFiles(t *testing.T, files map[string]string, besides ...string) {
	t.Helper()
	want := slices.Sorted(slices.Values(append(besides, always...)))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestWrite(t *testing.T) {
	report, files := written(t, session(), t.TempDir())
	wantFiles(t, files, "figure4.pdf", "figure7.pdf", "data/figure4.json", "data/figure7.json")
	if !report.Complete() {
		t.Error("the report is incomplete")
	}
	_, again := written(t, session(), t.TempDir())
	if diff := cmp.Diff(files, again); diff != "" {
		t.Errorf("the same results give other bytes:\n%s", diff)
	}
}

// A figure without anything to draw has numbers that say so, and no picture.
func TestWriteIncomplete(t *testing.T) {
	results := session()
	run := &results.Cells["figure4-n1"].Runs[0]
	run.Seconds.Unset(phase.KVCacheProfiling)
	report, files := written(t, results, t.TempDir())
	wantFiles(t, files, "figure4.pdf", "data/figure4.json", "data/figure7.json")
	if report.Complete() || !strings.Contains(files["data/figure7.json"], `"complete": false`) {
		t.Errorf("complete %t, numbers\n%s", report.Complete(), files["data/figure7.json"])
	}
	_, missing, ok := strings.Cut(files["summary.md"], "## Missing")
	if !ok || !strings.Contains(missing, "* Figure 7: ") {
		t.Errorf("summary\n%s", files["summary.md"])
	}
}

// Text that came with results says what it says in the summary, and does nothing else.
func TestSummaryOfHostileText(t *testing.T) {
	const hostile = "w\n# H1 ![i](http://e/x.png) <img src=x> `c` @me #1\n```mermaid\n\x1b[2J"
	results := session()
	results.Warn("a cell", []string{hostile})
	results.Cells["figure4-n1"].Runs[0].Failed = hostile
	_, files := written(t, results, t.TempDir())
	for _, markup := range []string{"\n# H1", "](http", "<img", " `c`", "@me", "\n```", "\x1b"} {
		if strings.Contains(files["summary.md"], markup) {
			t.Errorf("%q is in the summary:\n%s", markup, files["summary.md"])
		}
	}
	if want := "w #\u200b H1 !\\[i\\]\u200b(http://e/x.png) &lt;img src=x&gt; \\`c\\` @\u200bme #\u200b1 "; !strings.Contains(files["summary.md"], want) {
		t.Errorf("%q is not in the summary:\n%s", want, files["summary.md"])
	}
}

// A report removes the figures of an earlier one that it lacks, and no other file.
func TestWriteOverAnEarlierReport(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"data/figure9.json":  `{"figure": "9", "name": "figure9", "engine": "vllm"}`,
		"figure9.pdf":        "of the earlier report",
		"data/figure10.json": `{"figure": "10", "name": "another", "engine": "vllm"}`,
		"figure10.pdf":       "somebody's",
		"data/mine.json":     `{"numbers": "somebody's"}`,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, files := written(t, session(), dir)
	wantFiles(t, files, "figure4.pdf", "figure7.pdf", "figure10.pdf",
		"data/figure4.json", "data/figure7.json", "data/figure10.json", "data/mine.json")
}

// Documents bear the session's date. SOURCE_DATE_EPOCH wins.
func TestDate(t *testing.T) {
	for _, test := range []struct {
		epoch string // unset if empty
		want  time.Time
		fails string
	}{
		{"", noon, ""},
		{"86400", time.Date(1970, time.January, 2, 0, 0, 0, 0, time.UTC), ""},
		{"yesterday", time.Time{}, `SOURCE_DATE_EPOCH is "yesterday"; it must be whole seconds since 1970`},
	} {
		if test.epoch != "" {
			t.Setenv("SOURCE_DATE_EPOCH", test.epoch)
		}
		got, err := documentDate(noon)
		if !got.Equal(test.want) || (err == nil) != (test.fails == "") || err != nil && err.Error() != test.fails {
			t.Errorf("%q: %v, error %v", test.epoch, got, err)
		}
	}
}

// A place that cannot be written is named, with what to do.
func TestWriteNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	report, err := New(t.Context(), session(), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = report.Write(t.Context(), filepath.Join(file, "report"))
	if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "choose another with --out") {
		t.Errorf("error %v", err)
	}
}

// A report that is interrupted leaves the earlier one.
func TestWriteInterrupted(t *testing.T) {
	dir := t.TempDir()
	_, before := written(t, session(), dir)
	later := session()
	later.Plan.Date = later.Plan.Date.AddDate(1, 0, 0)
	report, err := New(t.Context(), later, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	if err := report.Write(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := New(ctx, later, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a new one: error %v", err)
	}
	if diff := cmp.Diff(before, filesOf(t, dir)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// The first page has a row per figure, and leaves out columns that say nothing.
func TestGlance(t *testing.T) {
	results := session()
	of := func() [][]string {
		made, err := New(t.Context(), results, nil)
		if err != nil {
			t.Fatal(err)
		}
		glance := made.glance()
		rows := [][]string{glance.Header}
		for _, row := range glance.Rows {
			var cells []string
			for _, cell := range row {
				cells = append(cells, cell.Text)
			}
			rows = append(rows, cells)
		}
		return rows
	}
	want := [][]string{
		{"Figure", "Shows", "Nodes", "Result"},
		{"4", "load_weights", "n1", "7.00 s (Yi-6B)"},
		{"7", "kv_cache_profiling", "n1", "1.00 s (Yi-6B)"},
	}
	if diff := cmp.Diff(want, of()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	results.Plan.Iterations = 2
	want[0], want[1], want[2] = append(want[0], "Complete"), append(want[1], "no"), append(want[2], "no")
	if diff := cmp.Diff(want, of()); diff != "" {
		t.Errorf("incomplete (-want +got):\n%s", diff)
	}
}
