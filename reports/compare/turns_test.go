package compare

import (
	"math"
	"strings"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// turnsOf are two sessions that were measured in turns, of one configuration whose start-up
// took so many seconds in each turn.
func turnsOf(a, b []float64) (*result.Results, *result.Results) {
	times := func(seconds []float64) []phase.Times {
		all := make([]phase.Times, len(seconds))
		for i, s := range seconds {
			all[i].Set(phase.ActualTotalTime, s)
		}
		return all
	}
	return sideOf("a", times(a)), sideOf("b", times(b))
}

// sideOf is one of two sessions that were measured in turns.
func sideOf(session string, turns []phase.Times) *result.Results {
	noon := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	cell := result.Cell{ID: "cell", Node: "n1", Set: "set"}
	found := &result.CellResult{Cell: cell, Finished: noon.Add(time.Hour)}
	for i, times := range turns {
		found.Runs = append(found.Runs, result.Run{Iteration: i + 1, Configuration: "c", Seconds: times})
	}
	return &result.Results{
		Plan: result.Plan{
			Session: session, Date: noon, Engine: "vllm", Iterations: len(turns), Cells: []result.Cell{cell},
			Sets: []result.Set{{Name: "set", Configurations: []result.Configuration{{ID: "c", Model: "m"}}}},
		},
		Cells: map[string]*result.CellResult{"cell": found},
	}
}

// wholeOf is the comparison of the whole start-up.
func wholeOf(t *testing.T, a, b *result.Results) (*Comparison, *Phase) {
	t.Helper()
	c, err := Results(a, b, Options{NameA: "a", NameB: "b"})
	if err != nil {
		t.Fatal(err)
	}
	return c, &c.Configurations[0].Phases[0]
}

// By hand: the differences 0.4, 0.4, 0.3, 0.8 and 0.2 have the mean 0.42 and the standard
// error 0.101980. Their t of 4.1184 with 4 degrees of freedom has p = 0.014631, or of five looks
// p (1 + 0.7 ln(5/3) ln(1/p)) = 0.036733.
func TestTurns(t *testing.T) {
	a, b := turnsOf([]float64{10, 10.2, 9.9, 10.1, 10.3}, []float64{10.4, 10.6, 10.2, 10.9, 10.5})
	c, p := wholeOf(t, a, b)
	if p.Turns != 5 || p.P == nil || math.Abs(*p.P-0.036733) > 1e-5 || p.Verdict != Slower {
		t.Errorf("%s of %d turns, p %v; want slower of 5, 0.036733", p.Verdict, p.Turns, *p.P)
	}
	d := &p.Difference
	if math.Abs(d.Seconds-0.42) > 1e-12 || *d.Low <= 0 || math.Abs(*d.High+*d.Low-0.84) > 1e-9 {
		t.Errorf("%v in %v … %v", d.Seconds, *d.Low, *d.High)
	}
	if text := strings.Join(c.Summary(), "\n"); !strings.Contains(text, "differences in each turn") || strings.Contains(text, "Welch") {
		t.Errorf("the summary is\n%s", text)
	}
}

// A machine that gets slower by 2 s from turn to turn hides a difference of half a second
// from a test of two sessions, but not from one of turns.
func TestDriftFallsOut(t *testing.T) {
	a := []float64{30.01, 32.02, 34.00, 36.01, 38.03}
	b := []float64{30.52, 32.50, 34.53, 36.49, 38.55}
	if p := &compared(a, b).Configurations[0].Phases[0]; p.Verdict != Unsettled {
		t.Errorf("two sessions: %s", p.Verdict)
	}
	_, p := wholeOf(t, first(turnsOf(a, b)), second(turnsOf(a, b)))
	if p.Verdict != Slower {
		t.Errorf("in turns: %s, p %v", p.Verdict, *p.P)
	}
}

func first(a, _ *result.Results) *result.Results  { return a }
func second(_, b *result.Results) *result.Results { return b }

// A run is compared with that of the same turn, or not at all.
func TestWhichTurns(t *testing.T) {
	seconds := []float64{10, 10.1, 10.2, 10.1, 10.3}
	fail := func(r *result.Results, run int) { r.Cells["cell"].Runs[run].Failed = "CUDA out of memory" }
	for _, test := range []struct {
		name    string
		change  func(a, b *result.Results)
		turns   int // 0: not in turns
		nA, nB  int
		warning string
	}{
		{"all", func(_, _ *result.Results) {}, 5, 5, 5, ""},
		{"one that failed", func(_, b *result.Results) { fail(b, 1) }, 4, 4, 4, "1 run left out, whose turn has none of the other side"},
		{"one each that failed", func(a, b *result.Results) { fail(a, 0); fail(b, 1) }, 3, 3, 3, "2 runs left out"},
		{"a phase that one lacks", func(a, _ *result.Results) { a.Cells["cell"].Runs[2].Seconds.Unset(phase.ActualTotalTime) }, 4, 4, 4, ""},
		{"a side that was cut short", func(_, b *result.Results) { b.Cells["cell"].Runs = b.Cells["cell"].Runs[:3] }, 3, 3, 3, "2 runs left out"},
		{"one after the other", func(_, b *result.Results) { b.Plan.Date = b.Plan.Date.Add(2 * time.Hour) }, 0, 5, 5, ""},
		{"one session", func(_, b *result.Results) { b.Plan.Session = "a" }, 0, 5, 5, ""},
		{"of unknown times", func(a, _ *result.Results) { a.Cells["cell"].Finished = time.Time{} }, 0, 5, 5, ""},
		{"in turns, but none of both", func(a, b *result.Results) {
			a.Cells["cell"].Runs, b.Cells["cell"].Runs = a.Cells["cell"].Runs[:3], b.Cells["cell"].Runs[3:]
		}, 0, 3, 2, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := turnsOf(seconds, []float64{10.2, 10, 10.1, 10.3, 10.1})
			test.change(a, b)
			c, p := wholeOf(t, a, b)
			if p.Turns != test.turns || p.A.N != test.nA || p.B.N != test.nB {
				t.Errorf("%d turns of %d and %d runs, want %d of %d and %d", p.Turns, p.A.N, p.B.N, test.turns, test.nA, test.nB)
			}
			if all := strings.Join(c.AllWarnings(), "\n"); !strings.Contains(all, test.warning) || strings.Contains(all, "left out") != (test.warning != "") {
				t.Errorf("warnings %q, want %q", all, test.warning)
			}
		})
	}
}

// The more turns a plan allows, the more often somebody may have looked.
func TestPlannedTurns(t *testing.T) {
	for _, test := range []struct {
		name       string
		iterations int
		stop       *result.Stop
		want       int
	}{
		{"all that were planned", 5, nil, 5},
		{"more were planned", 10, nil, 10},
		{"a rule may have stopped them", 3, &result.Stop{Within: 0.05, Most: 20}, 20},
		{"fewer were planned", 3, nil, 5},
	} {
		a, b := turnsOf([]float64{10, 10.1, 10.2, 10.1, 10.3}, []float64{10.2, 10, 10.1, 10.3, 10.1})
		for _, side := range []*result.Results{a, b} {
			side.Plan.Iterations, side.Plan.Stop = test.iterations, test.stop
		}
		if _, p := wholeOf(t, a, b); p.looks.most != test.want {
			t.Errorf("%s: %d looks, want %d", test.name, p.looks.most, test.want)
		}
	}
}

// Values that are equal because they were rounded do not look certain.
func TestRounding(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b []float64
		step float64
		want Verdict
	}{
		{"whole seconds, one apart", []float64{24, 25, 24}, []float64{25, 26, 25}, 1, Unsettled},
		{"whole seconds, ten apart", []float64{24, 25, 24}, []float64{34, 35, 34}, 1, Slower},
		{"hundredths, one apart", []float64{0.25, 0.25, 0.25}, []float64{0.26, 0.26, 0.26}, 0.01, Unsettled},
		{"tenths, equal", []float64{0.2, 0.2, 0.2}, []float64{0.2, 0.2, 0.2}, 0.1, Same},
		{"thousandths", []float64{30.001, 30.002, 30.003}, []float64{30.002, 30.003, 30.004}, 0.001, Same},
		{"computed", []float64{1.0 / 3, 2.0 / 3, 1}, []float64{1.0 / 3, 2.0 / 3, 1}, 1e-6, Same},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rounding(test.a, test.b); got != test.step {
				t.Errorf("rounded to %v, want %v", got, test.step)
			}
			if _, p := wholeOf(t, first(turnsOf(test.a, test.b)), second(turnsOf(test.a, test.b))); p.Verdict != test.want {
				t.Errorf("%s, p %v; want %s", p.Verdict, *p.P, test.want)
			}
		})
	}
}

// One look is a plain test; each further turn makes the same p less surprising. What alone
// finds is adjusted to where it started.
func TestLooksAdjust(t *testing.T) {
	for _, test := range []struct {
		most    int
		p, want float64
	}{
		{3, 0.05, 0.05},
		{5, 0.05, 0.05 * (1 + 0.7*math.Log(5./3)*math.Log(20))},
		{20, 0.01, 0.01 * (1 + 0.7*math.Log(20./3)*math.Log(100))},
		{20, 0, 0},
		{20, 0.9, 1},
		{1, 0.05, 0.05},
	} {
		l := looks{test.most}
		if got := l.adjust(test.p); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%d turns: p %v becomes %v, want %v", test.most, test.p, got, test.want)
		}
	}
	for _, most := range []int{3, 4, 20, 100} {
		l := looks{most}
		for _, p := range []float64{1e-6, 0.001, 0.05, 0.5} {
			if got := l.adjust(l.alone(p)); math.Abs(got-p) > 1e-4*p {
				t.Errorf("%d turns: %v alone is adjusted to %v, want %v", most, l.alone(p), got, p)
			}
		}
	}
}
