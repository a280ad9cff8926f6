package chart

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/reports/history"

	"gonum.org/v1/plot/vg/draw"
)

// kept is a history of records that are made by number.
func kept(t testing.TB, n int, make func(i int) (phases, environment string, facts string)) []*history.Series {
	t.Helper()
	var lines strings.Builder
	for i := range n {
		phases, environment, facts := make(i)
		day := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)
		fmt.Fprintf(&lines, `{"schema":1,"commit":"%07x","time":%q,"session":"s","node":"h200","engine":"vllm","set":"breakdown",`+
			`"configuration":"llama3-3b","environment":%q,"facts":{%s},"whole":"total_time","phases":{%s}}`+"\n",
			i, day.Format(time.RFC3339), environment, facts, phases)
	}
	path := filepath.Join(t.TempDir(), "h.jsonl")
	if err := os.WriteFile(path, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	read, err := history.Read(path)
	if err != nil || len(read.Warnings) > 0 {
		t.Fatalf("%v, warnings %q", err, read.Warnings)
	}
	return read.Series()
}

// steps has noise of 1 %, an environment that changes at the 20th record, where loading gets
// slower, and imports that get faster at the 30th.
func steps(t testing.TB, n int) []*history.Series {
	random := rand.New(rand.NewPCG(1, 2))
	return kept(t, n, func(i int) (phases, environment, facts string) {
		load, imports, torch := 1.0, 4.0, "2.9.0"
		if i >= 20 {
			load, torch = 1.5, "2.9.1"
		}
		if i >= 30 {
			imports = 3
		}
		vary := func(seconds float64) float64 { return seconds * (1 + 0.01*random.NormFloat64()) }
		return fmt.Sprintf(`"total_time":{"mean":%f,"n":5},"load_weights":{"mean":%f,"n":5},"llm_imports":{"mean":%f,"n":5},`+
			`"detect_platform":{"mean":0.01,"n":5}`, vary(25+load+imports), vary(load), vary(imports)), "torch " + torch, fmt.Sprintf(`"torch":%q`, torch)
	})
}

// oddHistories are what charts trip over.
func oddHistories(t testing.TB) map[string][]*history.Series {
	total := func(seconds float64) string { return fmt.Sprintf(`"total_time":{"mean":%f,"n":1}`, seconds) }
	return map[string][]*history.Series{
		"one record":   steps(t, 1),
		"two records":  steps(t, 2),
		"four records": steps(t, 4),
		"steps":        steps(t, 40),
		"thousands":    steps(t, 3000),
		"zero":         kept(t, 10, func(int) (a, b, c string) { return total(0), "e", "" }),
		"an outlier":   kept(t, 30, func(i int) (a, b, c string) { return total([]float64{10, 1e9}[i/29]), "e", "" }),
		"other environments each time": kept(t, 100, func(i int) (a, b, c string) {
			return total(10), fmt.Sprint(i), fmt.Sprintf(`"a-package-with-a-long-name":"%d","torch":"%d"`, i, i)
		}),
		"facts unknown": kept(t, 10, func(i int) (a, b, c string) { return total(10), fmt.Sprint(i), "" }),
		"always another level": kept(t, 200, func(i int) (a, b, c string) {
			return total(10 + float64(i/10%7)), "e", ""
		}),
		"long words": kept(t, 10, func(i int) (a, b, c string) {
			return strings.Replace(total(10), "}", fmt.Sprintf(`},"%s":{"mean":%d,"n":1}`, strings.Repeat("x", 150), 1+i/5), 1), fmt.Sprint(i / 5),
				fmt.Sprintf(`"torch":"%s %d"`, strings.Repeat("git+https://example.com/", 40), i/5)
		}),
	}
}

func drawnHistory(t testing.TB, all []*history.Series) (pages []*sketch) {
	t.Helper()
	for _, made := range NewHistory(all) {
		w, h := made.Size()
		s := newSketch(w, h)
		made.Draw(draw.New(s))
		pages = append(pages, s)
	}
	return pages
}

func TestWhatAHistorySays(t *testing.T) {
	pages := drawnHistory(t, steps(t, 40))
	if len(pages) != 1 {
		t.Fatalf("%d pages", len(pages))
	}
	text := strings.Join(pages[0].words(), "\n")
	for _, want := range []string{
		"llama3-3b · breakdown on h200", "total_time", "load_weights", "1 · 0000014 (21 Aug): torch: 2.9.0 → 2.9.1",
		"slower at 0000014 (21 Aug)", "faster at 000001e (31 Aug)", "0000000", "9 Sep",
		"measured with vllm · 40 records, 0000000 (1 Aug) to 0000027 (9 Sep)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is nowhere; there is %q", want, text)
		}
	}
	if strings.Contains(text, "detect_platform") {
		t.Error("a phase of 0.01 s is shown")
	}
}

func TestHistoriesAreReadable(t *testing.T) {
	for name, all := range oddHistories(t) {
		t.Run(name, func(t *testing.T) {
			for _, s := range drawnHistory(t, all) {
				checkReadable(t, s)
			}
		})
	}
}

// A line of thousands of values is drawn by few, and covers the same range.
func TestThinned(t *testing.T) {
	values := make([]float64, 10_000)
	values[777], values[778], values[9_999] = 5, -5, 1
	indices := thinned(values)
	if len(indices) > mostSteps {
		t.Errorf("%d values are drawn", len(indices))
	}
	seen := map[int]bool{}
	for i, at := range indices {
		if i > 0 && at <= indices[i-1] {
			t.Fatalf("index %d after %d", at, indices[i-1])
		}
		seen[at] = true
	}
	if !seen[777] || !seen[778] || !seen[9_999] {
		t.Error("an extreme value is not drawn")
	}
}
