package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"coldstart/reports/segment"
)

// The expected numbers are SciPy's: stats.ttest_ind(b, a, equal_var=False) with its
// confidence_interval(), and stats.mannwhitneyu(method="exact").
func TestWelch(t *testing.T) {
	for _, test := range []struct {
		name      string
		a, b      []float64
		p         float64
		low, high float64
	}{
		{"three apart", []float64{10, 11, 12}, []float64{13, 14, 15}, 0.021312, 0.733042, 5.266958},
		{"five, spreads differ", []float64{10, 10.2, 9.9, 10.1, 10.3}, []float64{10.4, 10.6, 10.2, 10.9, 10.5}, 0.018691, 0.095479, 0.744521},
		{"one side does not spread", []float64{5, 5, 5}, []float64{5.1, 5.3, 5.2}, 0.074180, -0.048414, 0.448414},
		{"sizes differ", []float64{20.1, 19.9, 20.0, 20.4, 20.2}, []float64{20.0, 20.3, 20.1}, 0.917836, -0.298992, 0.325659},
		{"no spread at all, five", []float64{1, 1, 1, 1, 1}, []float64{2, 2, 2, 2, 2}, 0.007937, math.NaN(), math.NaN()},
		{"no spread at all, three", []float64{1, 1, 1}, []float64{2, 2, 2}, 0.1, math.NaN(), math.NaN()},
		{"all the same", []float64{1, 1, 1}, []float64{1, 1, 1}, 1, math.NaN(), math.NaN()},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPhase(segment.TimeToReady, test.a, test.b)
			if p.P == nil || math.Abs(*p.P-test.p) > 1e-6 {
				t.Errorf("p is %v, want %v", p.P, test.p)
			}
			if math.IsNaN(test.low) != (p.Difference.Low == nil) {
				t.Fatalf("the interval begins at %v, want %v", p.Difference.Low, test.low)
			}
			if p.Difference.Low != nil && (math.Abs(*p.Difference.Low-test.low) > 1e-6 || math.Abs(*p.Difference.High-test.high) > 1e-6) {
				t.Errorf("the interval is %v … %v, want %v … %v", *p.Difference.Low, *p.Difference.High, test.low, test.high)
			}
		})
	}
}

// Of one run a side nothing is claimed: no test, no interval. Of two, no test.
func TestFewRuns(t *testing.T) {
	for _, test := range []struct {
		a, b     []float64
		interval bool // of the difference
	}{
		{[]float64{10}, []float64{20}, false},
		{[]float64{10}, []float64{20, 21, 22}, false},
		{[]float64{10, 11, 12}, []float64{20}, false},
		{[]float64{10, 10.1}, []float64{20, 20.1}, true},
		{[]float64{10, 10.1, 10.2}, []float64{20, 20.1}, true},
	} {
		c := compared(test.a, test.b)
		p := &c.Configurations[0].Phases[0]
		if p.Verdict != Untested || p.P != nil || p.Adjusted != nil || (p.Difference.Low != nil) != test.interval || p.Runs != 0 {
			t.Errorf("%v and %v: %+v", test.a, test.b, p)
		}
		for _, e := range []Estimate{p.A, p.B} {
			if e.N == 1 && e.Low != nil {
				t.Errorf("an interval of one run: %v", *e.Low)
			}
		}
		if len(c.Regressions(0.05)) > 0 {
			t.Errorf("%v and %v: slower, though nobody can know", test.a, test.b)
		}
	}
}

// compared is a comparison of one phase, which decides.
func compared(a, b []float64) *Comparison {
	p := newPhase(segment.TimeToReady, a, b)
	p.Decides = true
	c := &Comparison{Margin: Margin, Configurations: []Configuration{{Phases: []Phase{p}}}}
	c.judge()
	return c
}

func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b []float64
		want Verdict
	}{
		{"slower", []float64{10, 10.1, 10.2}, []float64{12, 12.1, 12.2}, Slower},
		{"faster", []float64{12, 12.1, 12.2}, []float64{10, 10.1, 10.2}, Faster},
		{"slower by little, and sure", []float64{10, 10.01, 10.02}, []float64{10.1, 10.11, 10.12}, Slower},
		{"the same within the margin", []float64{10, 10.1, 10.2, 10.1}, []float64{10.1, 10.1, 10.2, 10}, Same},
		{"the same value in all", []float64{0.08, 0.08, 0.08}, []float64{0.08, 0.08, 0.08}, Same},
		{"spread too far to tell", []float64{8, 10, 12}, []float64{9, 11, 13}, Unsettled},
		{"too few to tell by ranks", []float64{1, 1, 1}, []float64{2, 2, 2}, Unsettled},
		{"one run", []float64{10}, []float64{20, 20.1}, Untested},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &compared(test.a, test.b).Configurations[0].Phases[0]
			if p.Verdict != test.want {
				t.Errorf("got %s, want %s (p %v)", p.Verdict, test.want, p.P)
			}
			if (p.Runs > 0) != (p.Verdict == Unsettled) {
				t.Errorf("%s, and %d runs to settle it", p.Verdict, p.Runs)
			}
		})
	}
}

// The examples are those of a textbook's exercises, worked by hand.
func TestFamilies(t *testing.T) {
	alone := []float64{0.01, 0.04, 0.03, 0.005}
	for _, test := range []struct {
		name string
		f    family
		want []float64
	}{
		{"Holm", deciding, []float64{0.03, 0.06, 0.06, 0.02}},
		{"Benjamini and Hochberg", explaining, []float64{0.02, 0.04, 0.04, 0.02}},
	} {
		for i, got := range test.f.adjust(alone) {
			if math.Abs(got-test.want[i]) > 1e-12 {
				t.Errorf("%s: p %v becomes %v, want %v", test.name, alone[i], got, test.want[i])
			}
		}
		if got := test.f.adjust(nil); len(got) != 0 {
			t.Errorf("%s of nothing: %v", test.name, got)
		}
		if got := test.f.adjust([]float64{0.7}); got[0] != 0.7 {
			t.Errorf("%s of one test: %v", test.name, got)
		}
	}
}

// What becomes significant next must reach the level that is told of it, and
// does not become so above it.
func TestNextLevel(t *testing.T) {
	for name, f := range map[string]family{"deciding": deciding, "explaining": explaining} {
		p := []float64{1e-6, 1e-5, 0.9, 0.95, 0.99} // two are significant
		for _, test := range []struct {
			factor float64
			want   bool
		}{{0.99, true}, {1.01, false}} {
			p[2] = f.next(len(p), 2) * test.factor
			if got := f.adjust(p)[2] < alpha; got != test.want {
				t.Errorf("%s: at %v of its level a test is significant: %v", name, test.factor, got)
			}
		}
	}
}

// noise draws the runs of a start-up: about 20 s, a spread of 2 %.
var noise = map[string]func(*rand.Rand) float64{
	"normal":           func(r *rand.Rand) float64 { return 20 + 0.4*r.NormFloat64() },
	"a tail":           func(r *rand.Rand) float64 { return 20 + 0.2*r.ExpFloat64() },
	"two modes":        func(r *rand.Rand) float64 { return 20 + 0.4*float64(r.IntN(2)) + 0.05*r.NormFloat64() },
	"logged in tenths": func(r *rand.Rand) float64 { return math.Round(10*(20+0.1*r.NormFloat64())) / 10 },
}

func draw(r *rand.Rand, n int, value func(*rand.Rand) float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = value(r)
	}
	return values
}

// As many runs as the formula asks for show the difference about four times in
// five.
func TestRunsToDetect(t *testing.T) {
	const trials = 2000
	for _, test := range []struct{ difference, spreadA, spreadB float64 }{
		{1, 1, 1}, {2, 1, 1}, {0.5, 0.4, 0.4}, {1, 0.2, 1.5}, {2.2, 1, 1},
	} {
		n := runsToDetect(test.difference, test.spreadA, test.spreadB, alpha)
		r := rand.New(rand.NewPCG(4, uint64(n)))
		found := 0
		for range trials {
			a := draw(r, n, func(r *rand.Rand) float64 { return 20 + test.spreadA*r.NormFloat64() })
			b := draw(r, n, func(r *rand.Rand) float64 { return 20 + test.difference + test.spreadB*r.NormFloat64() })
			if compared(a, b).Configurations[0].Phases[0].Verdict == Slower {
				found++
			}
		}
		if share := float64(found) / trials; share < 0.75 || share > 0.9 {
			t.Errorf("%+v: %d runs a side show it in %.0f %% of all cases, want about 80 %%", test, n, 100*share)
		}
	}
}

// The same of showing that a difference is below the margin.
func TestRunsToExclude(t *testing.T) {
	const trials, margin = 2000, 1.0 // 5 % of 20
	for _, test := range []struct{ difference, spread float64 }{{0.2, 0.5}, {0.5, 0.5}, {0.3, 1}} {
		n := runsToExclude(margin, test.difference, test.spread, test.spread, alpha)
		r := rand.New(rand.NewPCG(5, uint64(n)))
		found := 0
		for range trials {
			a := draw(r, n, func(r *rand.Rand) float64 { return 20 + test.spread*r.NormFloat64() })
			b := draw(r, n, func(r *rand.Rand) float64 { return 20 + test.difference + test.spread*r.NormFloat64() })
			if d := newPhase(segment.TimeToReady, a, b).Difference; -margin < *d.Low && *d.High < margin {
				found++
			}
		}
		if share := float64(found) / trials; share < 0.72 || share > 0.9 {
			t.Errorf("%+v: %d runs a side show it in %.0f %% of all cases, want about 80 %%", test, n, 100*share)
		}
	}
}

func TestRunsToSettle(t *testing.T) {
	for _, test := range []struct {
		name     string
		a, b     []float64
		min, max int
	}{
		{"a clear difference that three cannot show", []float64{8, 10, 12}, []float64{11, 13, 15}, 4, 12},
		{"near to the margin from below", []float64{9.9, 10, 10.1}, []float64{10.2, 10.5, 10.8}, 4, 20},
		{"a difference that is the margin", []float64{9, 10, 11}, []float64{9.5, 10.5, 11.5}, 60, 100},
		{"no spread, by ranks", []float64{1, 1, 1}, []float64{2, 2, 2}, 4, 4},
		{"hopeless", []float64{1, 100, 200}, []float64{1, 101, 199.5}, runsLimit + 1, runsLimit + 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &compared(test.a, test.b).Configurations[0].Phases[0]
			if p.Verdict != Unsettled || p.Runs < test.min || p.Runs > test.max {
				t.Errorf("%s, %d runs, want %d to %d", p.Verdict, p.Runs, test.min, test.max)
			}
		})
	}
}
