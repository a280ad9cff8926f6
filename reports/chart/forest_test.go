package chart

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/compare"

	"gonum.org/v1/plot/vg/draw"
)

// readComparison reads the comparison that reports/compare keeps as an example.
func readComparison(t testing.TB) *compare.Comparison {
	t.Helper()
	text, err := os.ReadFile("../compare/testdata/comparison.json")
	if err != nil {
		t.Fatal(err)
	}
	c := new(compare.Comparison)
	if err := json.Unmarshal(text, c); err != nil {
		t.Fatal(err)
	}
	return c
}

// oddComparisons are the example, changed to what charts trip over.
func oddComparisons(t testing.TB) map[string]*compare.Comparison {
	change := func(f func(*compare.Comparison)) *compare.Comparison {
		c := readComparison(t)
		f(c)
		return c
	}
	phases := func(c *compare.Comparison) []compare.Phase { return c.Configurations[0].Phases }
	return map[string]*compare.Comparison{
		"the example": readComparison(t),
		"two configurations": change(func(c *compare.Comparison) {
			c.Configurations = append(c.Configurations, c.Configurations[0])
		}),
		"several phases decide": change(func(c *compare.Comparison) {
			phases(c)[0].Decides = true
			c.Configurations = append(c.Configurations, c.Configurations[0])
		}),
		"nothing decides": change(func(c *compare.Comparison) {
			for i := range phases(c) {
				phases(c)[i].Decides = false
			}
			c.Configurations = append(c.Configurations, c.Configurations[0])
		}),
		"faster": change(func(c *compare.Comparison) {
			for i := range phases(c) {
				d := &phases(c)[i].Difference
				d.Seconds = -d.Seconds
				if d.Low != nil {
					*d.Low, *d.High = -*d.High, -*d.Low
				}
				phases(c)[i].Verdict = compare.Faster
			}
		}),
		"no difference at all": change(func(c *compare.Comparison) {
			for i := range phases(c) {
				phases(c)[i].Difference = compare.Difference{}
			}
		}),
		"one phase": change(func(c *compare.Comparison) { c.Configurations[0].Phases = phases(c)[:1] }),
		"one run": change(func(c *compare.Comparison) {
			for i := range phases(c) {
				p := &phases(c)[i]
				p.A.N, p.A.Low, p.Difference.Low, p.P, p.Adjusted, p.Verdict = 1, nil, nil, nil, nil, compare.Untested
			}
		}),
		"huge": change(func(c *compare.Comparison) {
			for i := range phases(c) {
				p := &phases(c)[i]
				percent := *p.Difference.Percent * 1e5
				p.Difference.Seconds, p.Difference.Percent, p.Difference.Low = p.Difference.Seconds*1e5, &percent, nil
				p.B.Mean *= 1e5
			}
		}),
		"long words": change(func(c *compare.Comparison) {
			c.Configurations[0].Label = strings.Repeat("an-organisation/a-model ", 20)
			c.A.Name = strings.Repeat("/a/long/path", 40)
			c.Configurations[0].Warnings = []string{strings.Repeat("only A logs this; ", 40)}
			for range 60 {
				c.Differs = append(c.Differs, compare.Fact{What: "package", A: "1.0", B: "2.0"})
				c.LeftOut = append(c.LeftOut, c.LeftOut[0])
			}
			c.Configurations = append(c.Configurations, c.Configurations[0])
		}),
	}
}

func drawnComparison(t testing.TB, c *compare.Comparison) (pages []*sketch) {
	t.Helper()
	charts, err := NewComparison(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range charts {
		w, h := made.Size()
		s := newSketch(w, h)
		made.Draw(draw.New(s))
		pages = append(pages, s)
	}
	return pages
}

func TestWhatAComparisonSays(t *testing.T) {
	pages := drawnComparison(t, readComparison(t))
	if len(pages) != 1 {
		t.Fatalf("%d pages of one configuration", len(pages))
	}
	for _, want := range []string{
		"Qwen-4B · baseline on n1", "Phase", "A (s)", "B − A (s)", "actual_total_time", "20.200 ± 0.248", "21.700 ± 0.248", "+7.4 ± 1.1", "<0.001", "slower",
		"tokenizer_init", "unsettled: ≈1 more", "A and B differ in environment: unknown → nightly",
		"A before: measured with vllm · vLLM 0.10.1.1 · session 20261101T120000Z",
	} {
		if !slices.Contains(pages[0].words(), want) {
			t.Errorf("%q is nowhere; there is %q", want, pages[0].words())
		}
	}
}

// Several configurations have an overview before their pages, which says what was
// left out.
func TestOverview(t *testing.T) {
	pages := drawnComparison(t, oddComparisons(t)["two configurations"])
	if len(pages) != 3 {
		t.Fatalf("%d pages of two configurations, want 3", len(pages))
	}
	text := strings.Join(pages[0].words(), "\n")
	for _, want := range []string{"Deciding phases: actual_total_time", "B − A (% of A)", "not compared: baseline on n1: yi-6b"} {
		if !strings.Contains(text, want) {
			t.Errorf("the overview lacks %q: %s", want, text)
		}
	}
}

func TestComparisonsAreReadable(t *testing.T) {
	for name, c := range oddComparisons(t) {
		t.Run(name, func(t *testing.T) {
			for _, s := range drawnComparison(t, c) {
				checkReadable(t, s)
			}
		})
	}
}

// checkReadable finds text that leaves the page, overlaps other text, or has little contrast.
func checkReadable(t *testing.T, s *sketch) {
	t.Helper()
	for i, a := range s.texts {
		if !s.onPage(a.box) {
			t.Errorf("%q leaves the page", a.text)
		}
		if got := contrast(a.color, a.ground); got < 4.5 {
			t.Errorf("%q has a contrast of %.2f, want 4.5", a.text, got)
		}
		for _, b := range s.texts[:i] {
			if a.box.overlaps(b.box) {
				t.Errorf("%q and %q overlap", a.text, b.text)
			}
		}
	}
}

// The marks stand in the order of the differences, those without one at zero.
func TestMarksStandWhereTheDifferencesAre(t *testing.T) {
	c := readComparison(t)
	s := drawnComparison(t, c)[0]
	var at []float64 // places of the marks, from left
	for _, a := range s.areas {
		if size := a.Size(); math.Abs(float64(size.X)-5.2) < 1e-6 && math.Abs(float64(size.Y)-5.2) < 1e-6 {
			at = append(at, float64(a.Min.X))
		}
	}
	phases := c.Configurations[0].Phases
	if len(at) != len(phases) {
		t.Fatalf("%d marks of %d phases", len(at), len(phases))
	}
	for i := range phases {
		for j := range phases {
			if less := phases[i].Difference.Seconds < phases[j].Difference.Seconds; less != (at[i] < at[j]) {
				t.Errorf("%v differs by %v s and stands at %v, %v by %v s at %v",
					phases[i].Phase, phases[i].Difference.Seconds, at[i], phases[j].Phase, phases[j].Difference.Seconds, at[j])
			}
		}
	}
}

func TestNewComparisonRefuses(t *testing.T) {
	for _, value := range []float64{math.NaN(), math.Inf(1), 1e300} {
		c := readComparison(t)
		c.Configurations[0].Phases[1].Difference.Seconds = value
		if _, err := NewComparison(c); err == nil || !strings.Contains(err.Error(), "load_weights: a difference is not finite") {
			t.Errorf("%v: %v", value, err)
		}
	}
}
