package measure_test

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/measure"
)

// tookSeconds logs a start-up that took so long.
func tookSeconds(log io.Writer, seconds float64) error {
	begin := time.Date(2026, time.February, 9, 16, 0, 0, 0, time.UTC)
	end := begin.Add(time.Duration(seconds * float64(time.Second)))
	const stamp = "01-02 15:04:05.000"
	_, err := fmt.Fprintf(log, "INFO %s [core.py:1] Initializing a V1 LLM engine\nINFO %s [core.py:214] init engine (profile, create kv cache, warmup model) took %.2f seconds\n",
		begin.Format(stamp), end.Format(stamp), seconds)
	return err
}

// Measuring in turns stops as soon as the comparison is settled, each configuration for
// itself: at most ten turns, of which the engine needs 30 s, more or less by a few
// hundredths in each turn.
func TestSettle(t *testing.T) {
	near := []float64{0, 0.04, -0.03, 0.05, 0.01, -0.04, 0.02, 0.03, -0.02, 0, 0.01} // by turn
	far := []float64{0, 3, -4, 5, -3, 4, -5, 4, -3, 5, -4}
	same := func(int) float64 { return 30 }
	for _, test := range []struct {
		name  string
		alpha func(turn int) float64 // of B; of A it is 30 s
		beta  func(turn int) float64
		turns map[string]int // of alpha and beta
	}{
		{"no change", same, same, map[string]int{"alpha": 3, "beta": 3}},
		{"slower, confirmed by a fourth turn", func(int) float64 { return 36 }, same, map[string]int{"alpha": 4, "beta": 3}},
		{"faster, confirmed by a fourth turn", func(int) float64 { return 24 }, same, map[string]int{"alpha": 4, "beta": 3}},
		{"slower, which the fourth turn denies", func(turn int) float64 {
			if turn == 4 {
				return 28
			}
			return 36
		}, same, map[string]int{"alpha": 9, "beta": 3}},
		{"never settled", func(turn int) float64 { return 30 + far[turn] }, same, map[string]int{"alpha": 10, "beta": 3}},
		{"never, of both", func(turn int) float64 { return 30 + far[turn] }, func(turn int) float64 { return 30 - far[turn] },
			map[string]int{"alpha": 10, "beta": 10}},
	} {
		t.Run(test.name, func(t *testing.T) {
			order, reason, err := inTurns(t, t.Context(), &result.Stop{Slower: 0.05, Most: 10}, func(side string, run engine.Run, log io.Writer) error {
				seconds := 30.0
				if side == "b" {
					seconds = map[string]func(int) float64{"alpha": test.alpha, "beta": test.beta}[run.Configuration.ID](run.Iteration) + near[run.Iteration]
				}
				return tookSeconds(log, seconds)
			})
			if reason != nil || err != nil {
				t.Fatal(reason, err)
			}
			starts := map[string]int{}
			for _, start := range order {
				var configuration string
				var turn int
				if _, err := fmt.Sscanf(start[1:], "%d %s", &turn, &configuration); err != nil {
					t.Fatal(err)
				}
				starts[start[:1]+" "+configuration]++
			}
			for configuration, turns := range test.turns {
				for _, side := range []string{"a", "b"} {
					if got := starts[side+" "+configuration] - 1; got != turns { // without the warm-up
						t.Errorf("%s of %s: %d turns, want %d", configuration, side, got, turns)
					}
				}
			}
		})
	}
}

// Where nothing can be compared, as when one side never counts, measuring goes on to its end.
func TestSettleNothing(t *testing.T) {
	order, reason, err := inTurns(t, t.Context(), &result.Stop{Slower: 0.05, Most: 4}, func(side string, run engine.Run, log io.Writer) error {
		if side == "b" && run.Iteration > 0 {
			return fmt.Errorf("no memory")
		}
		return tookSeconds(log, 30)
	})
	if reason != nil || err != nil {
		t.Fatal(reason, err)
	}
	last := order[len(order)-1]
	if last != "a4 beta" {
		t.Errorf("the last start is %q, want that of the fourth turn", last)
	}
}

// A session that goes on is settled by the turns that it made before, after as many.
func TestSettledBefore(t *testing.T) {
	slower := []float64{0, 1.2, 2.0, 1.0, 1.8, 1.4, 1.5, 1.3, 1.6, 1.4, 1.5} // by turn
	states := map[string]string{"a": t.TempDir(), "b": t.TempDir()}
	starts := 0
	settle := func() (turns int) {
		var sides []*measure.Session
		var root string // of the last side
		for _, name := range []string{"a", "b"} {
			plan := smallPlan()
			plan.Session, plan.Iterations, plan.Cells = name, 3, plan.Cells[:1]
			plan.Stop = &result.Stop{Slower: 0.05, Most: 10}
			plan.Sets[0].Configurations = plan.Sets[0].Configurations[:1]
			var session *measure.Session
			session, root, _ = begin(t, plan, &script{starts: func(_ context.Context, run engine.Run, log io.Writer) ([]string, error) {
				starts++
				seconds := 30.0
				if name == "b" {
					seconds += slower[run.Iteration]
				}
				return nil, tookSeconds(log, seconds)
			}})
			session.Machine = machine(states[name])
			sides = append(sides, session)
		}
		if reason, err := measure.Interleaved(t.Context(), sides[0], sides[1], sides[0].Plan.Cells[0]); reason != nil || err != nil {
			t.Fatal(reason, err)
		}
		results, err := result.Read(root)
		if err != nil {
			t.Fatal(err)
		}
		return len(results.Cells["figure7-n1"].Runs) - 1
	}
	first, made := settle(), starts
	if again := settle(); again != first || starts != made || first < 5 {
		t.Errorf("settled after %d turns, and again after %d with %d more starts; want as many, 5 at least, and none", first, again, starts-made)
	}
}
