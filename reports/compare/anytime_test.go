//go:build simulation

package compare

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/reports/table"
	"coldstart/reports/testkit"
)

// recordedOn are the recorded runs of several configurations on a machine.
type recordedOn struct {
	name           string
	configurations [][]phase.Times
}

// recordedMachines are the paper's quiet n1 and its n3, whose logs state whole seconds; an
// H100 and an H200 that were rented; and any of them, if one does not know which.
func recordedMachines(t *testing.T) (all []recordedOn) {
	t.Helper()
	text, err := os.ReadFile("testdata/recorded.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Source   string
		Machines map[string]map[string][]phase.Times
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"n1", "n3"} {
		m := recordedOn{name: "paper's " + name}
		for _, id := range sortedKeys(recorded.Machines[name]) {
			m.configurations = append(m.configurations, recorded.Machines[name][id])
		}
		all = append(all, m)
	}
	for _, name := range []string{"h100-paper", "h200"} {
		m := recordedOn{name: strings.ToUpper(strings.TrimSuffix(name, "-paper")) + ", rented"}
		dirs, _ := filepath.Glob("../examples/" + name + "/*/plan.json")
		for _, plan := range dirs {
			m.add(t, filepath.Dir(plan))
		}
		all = append(all, m)
	}
	for _, m := range all {
		if len(m.configurations) == 0 {
			t.Fatalf("%s has no configuration", m.name)
		}
	}
	return all
}

func sortedKeys[V any](of map[string]V) (keys []string) {
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// add adds the configurations of a session that have three counted runs or more.
func (m *recordedOn) add(t *testing.T, dir string) {
	t.Helper()
	results, err := result.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, planned := range results.Plan.Cells {
		cell, set := results.Cells[planned.ID], results.Plan.Set(planned.Set)
		if cell == nil || set == nil {
			continue
		}
		for _, c := range set.Configurations {
			if runs := cell.Counted(c.ID); len(runs) >= leastRuns {
				m.configurations = append(m.configurations, runs)
			}
		}
	}
}

// noise is the spread of a configuration's whole start-up in percent of its mean, averaged
// over the configurations as a variance.
func (m *recordedOn) noise() float64 {
	sum := 0.0
	for _, runs := range m.configurations {
		e := estimate(stat.Values(runs, phase.ActualTotalTime))
		sum += math.Pow(e.spread()/e.Mean, 2)
	}
	return 100 * math.Sqrt(sum/float64(len(m.configurations)))
}

// A source makes pairs of runs, of which B's take longer by a share of the whole.
type source func(r *rand.Rand, change float64) (next func() (a, b phase.Times), step phase.Phase)

// source draws runs of one configuration at random, for both sides alike. The change is in
// one step, of those that do not overlap and that all of its runs have.
func (m *recordedOn) source(r *rand.Rand, change float64) (next func() (a, b phase.Times), step phase.Phase) {
	runs := m.configurations[r.IntN(len(m.configurations))]
	step = stepsOf(runs)[r.IntN(len(stepsOf(runs)))]
	seconds := change * stat.Summarize(stat.Values(runs, phase.ActualTotalTime)).Mean
	return func() (a, b phase.Times) {
		a, b = runs[r.IntN(len(runs))], runs[r.IntN(len(runs))]
		prolong(&b, step, seconds)
		return a, b
	}, step
}

// stepsOf are the phases without parts that all runs have.
func stepsOf(runs []phase.Times) (steps []phase.Phase) {
	for p := range phase.All() {
		if !p.IsWhole() && len(stat.Values(runs, p)) == len(runs) && len(p.Parts()) == 0 {
			steps = append(steps, p)
		}
	}
	return steps
}

// prolong adds seconds to a step, to the sums that it is part of, and to the whole.
func prolong(times *phase.Times, step phase.Phase, seconds float64) {
	for p := range phase.All() {
		if value, known := times.Get(p); known && (p == step || p.IsWhole() || contains(p, step)) {
			times.Set(p, value+seconds)
		}
	}
}

// contains tells whether a sum has a phase among its parts, or theirs.
func contains(sum, part phase.Phase) bool {
	return slices.ContainsFunc(sum.Parts(), func(p phase.Phase) bool { return p == part || contains(p, part) })
}

// Without a difference, one is claimed after any of the turns in at most 5 % of 10,000
// measurements of up to 30 turns, whatever machine they are from, and also if it gets slower
// by 0.5 % with each start.
func TestAnyTime(t *testing.T) {
	const trials = 10_000
	for i, m := range recordedMachines(t) {
		deviations := m.deviations()
		for _, drift := range []float64{0, 0.005} {
			r := rand.New(rand.NewPCG(8, uint64(i)))
			claims := 0
			for range trials {
				if claimsEver(r, deviations, drift) {
					claims++
				}
			}
			rate := float64(claims) / trials
			t.Logf("%s, drift %v: %.2f %%", m.name, drift, 100*rate)
			if rate > 0.05 {
				t.Errorf("%s, drift %v: a difference is claimed in %.2f %% of all cases", m.name, drift, 100*rate)
			}
		}
	}
}

// deviations are the whole start-ups of all runs, each over the mean of its configuration. A
// configuration alone has three or five, of which equal ones would be drawn too often.
func (m *recordedOn) deviations() (all []float64) {
	for _, runs := range m.configurations {
		values := stat.Values(runs, phase.ActualTotalTime)
		mean := stat.Summarize(values).Mean
		for _, v := range values {
			all = append(all, v/mean)
		}
	}
	return all
}

// claimsEver tells whether any turn of a measurement without a difference claims one. The
// sides begin in turn, as in measure.Interleaved. drift is the share by which each start takes
// longer than the one before.
func claimsEver(r *rand.Rand, deviations []float64, drift float64) bool {
	var sides [2][]float64
	for turn := range MostTurns {
		for i := range sides {
			start := 2*turn + (i+turn)%2
			value := deviations[r.IntN(len(deviations))] * (1 + drift*float64(start))
			sides[i] = append(sides[i], value)
		}
		if turn+1 >= leastRuns && testTurns(sides[0], sides[1], MostTurns) < alpha {
			return true
		}
	}
	return false
}

// testTurns is the p of newTurnsPhase, and faster.
func testTurns(a, b []float64, most int) float64 {
	difference, n := stat.Summarize(b).Mean-stat.Summarize(a).Mean, len(a)
	return looks{most}.adjust(pairedTest(difference/turnSpread(a, b)*math.Sqrt(float64(n)), n))
}

// The formula holds for runs that are normally distributed, for any level and any number of
// turns. The bounds leave room for three standard errors.
func TestLooks(t *testing.T) {
	const trials = 10_000
	for _, most := range []int{4, 10, 30} {
		r := rand.New(rand.NewPCG(9, uint64(most)))
		least := make([]float64, trials)
		for i := range least {
			var a, b []float64
			least[i] = 1
			for n := 1; n <= most; n++ {
				a, b = append(a, 20), append(b, 20+r.NormFloat64())
				if n >= leastRuns {
					least[i] = min(least[i], testTurns(a, b, most))
				}
			}
		}
		for _, level := range []float64{0.1, 0.05, 0.01} {
			n := 0
			for _, p := range least {
				if p < level {
					n++
				}
			}
			rate, bound := float64(n)/trials, level+3*math.Sqrt(level/trials)
			if rate > bound {
				t.Errorf("%d turns: p is below %v in %.4f of all cases", most, level, rate)
			}
		}
	}
}

// outcomes of many measurements that stop when they are settled.
type outcomes struct {
	trials, turns, slower, same, named int
}

func (o *outcomes) starts() float64 { return float64(o.turns) / float64(o.trials) }
func (o *outcomes) power() float64  { return float64(o.slower) / float64(o.trials) }

// settle measures in turns until the comparison is settled, as measure.Interleaved does.
func settle(r *rand.Rand, draw source, change float64, most, trials int) (o outcomes) {
	for range trials {
		next, step := draw(r, change)
		var a, b []phase.Times
		for len(a) < most {
			x, y := next()
			a, b = append(a, x), append(b, y)
			if len(a) >= leastRuns && len(Settled(turnSides(onlyWhole(a), onlyWhole(b), most))) > 0 {
				break
			}
		}
		o.count(a, b, step, most)
	}
	return o
}

// turnSides are the arguments of Settled.
func turnSides(a, b []phase.Times, most int) (sideA, sideB *result.Results, margin float64) {
	sideA, sideB = sideOf("a", a), sideOf("b", b)
	for _, side := range []*result.Results{sideA, sideB} {
		side.Plan.Stop = &result.Stop{Slower: Margin, Most: most}
	}
	return sideA, sideB, Margin
}

// onlyWhole leaves the steps out, which do not decide.
func onlyWhole(all []phase.Times) []phase.Times {
	short := make([]phase.Times, len(all))
	for i := range all {
		seconds, _ := all[i].Get(phase.ActualTotalTime)
		short[i].Set(phase.ActualTotalTime, seconds)
	}
	return short
}

func (o *outcomes) count(a, b []phase.Times, step phase.Phase, most int) {
	o.trials++
	o.turns += len(a)
	sideA, sideB, margin := turnSides(a, b, most)
	c, err := Results(sideA, sideB, Options{Margin: margin})
	if err != nil {
		panic(err)
	}
	switch c.Answer.Verdict {
	case Same:
		o.same++
	case Slower:
		o.slower++
		if moved := c.Answer.Moved; len(moved) > 0 && moved[0].Name == step.String() {
			o.named++
		}
	}
}

// fixedNumber is the least number of runs per side with which a test of two sessions finds a
// change in 90 % of all cases; above limit if that many do not.
func fixedNumber(r *rand.Rand, draw source, change float64) int {
	const trials, limit = 1000, 200
	return leastRuns + sort.Search(limit-leastRuns+1, func(more int) bool {
		found := 0
		for range trials {
			next, _ := draw(r, change)
			var a, b []float64
			for range leastRuns + more {
				x, y := next()
				inA, _ := x.Get(phase.ActualTotalTime)
				inB, _ := y.Get(phase.ActualTotalTime)
				a, b = append(a, inA), append(b, inB)
			}
			if twoSessions(a, b) {
				found++
			}
		}
		return found >= trials*9/10
	})
}

// twoSessions tells whether a test of two sessions finds B slower.
func twoSessions(a, b []float64) bool {
	before, after := &Estimate{N: len(a), Values: a}, &Estimate{N: len(b), Values: b}
	p, _, _ := tested(before, after)
	return p < alpha && stat.Summarize(b).Mean > stat.Summarize(a).Mean
}

// The table, for the documentation, of what measuring in turns takes until it is settled, at
// most 50 turns, for each machine and change:
//
//   - Fixed number: of runs per side that a test of two sessions needs to find +5 % in 90 %
//     of all cases. Who does not know the machine has to choose that of "any of them".
//   - Turns: made on average; and their share of the fixed number.
//   - Slower, Same: how often that was the answer.
//   - Step named: how often the sentence named the step that was prolonged, if slower.
func TestStarts(t *testing.T) {
	machines := recordedMachines(t)
	out := table.Table{
		Header: []string{"Machine", "Noise (%)", "Change", "Fixed number", "Turns", "Share (%)", "Slower (%)", "Same (%)", "Step named (%)"},
		Align:  slices.Repeat([]table.Align{table.Right}, 9),
	}
	out.Align[0] = table.Left
	for i := range machines {
		addRows(t, &out, machines[i].name, fmt.Sprintf("%.1f", machines[i].noise()), machines[i].source, uint64(i))
	}
	unknown := func(r *rand.Rand, change float64) (func() (a, b phase.Times), phase.Phase) {
		return machines[r.IntN(len(machines))].source(r, change)
	}
	addRows(t, &out, anyMachine, "", unknown, 99)
	var text strings.Builder
	if err := out.Markdown(&text); err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "testdata/turns.md", text.String())
}

// anyMachine names the row of a machine that one does not know.
const anyMachine = "any of them"

// addRows adds a machine's rows. The step must be named rightly in 95 % of all cases, and
// measuring in turns must find 90 % of +5 % with at most 60 % of the starts that one plans who
// does not know the machine.
func addRows(t *testing.T, out *table.Table, name, noise string, draw source, seed uint64) {
	t.Helper()
	const most, trials = 50, 1000
	fixed := fixedNumber(rand.New(rand.NewPCG(10, seed)), draw, 0.05)
	for _, change := range []float64{0, 0.05, 0.1} {
		o := settle(rand.New(rand.NewPCG(11, seed)), draw, change, most, trials)
		named := ""
		if change > 0 && o.slower > 0 {
			named = fmt.Sprintf("%.1f", 100*float64(o.named)/float64(o.slower))
			if o.named*100 < o.slower*95 {
				t.Errorf("%s: %d of %d steps named", name, o.named, o.slower)
			}
		}
		if share := o.starts() / float64(fixed); name == anyMachine && change == 0.05 && (o.power() < 0.9 || share > 0.6) {
			t.Errorf("%s: %.3f found with %.2f of the starts", name, o.power(), share)
		}
		out.Add(name, noise, fmt.Sprintf("%+.0f %%", 100*change), fmt.Sprint(fixed), fmt.Sprintf("%.1f", o.starts()),
			fmt.Sprintf("%.0f", 100*o.starts()/float64(fixed)), fmt.Sprintf("%.1f", 100*o.power()),
			fmt.Sprintf("%.1f", 100*float64(o.same)/float64(o.trials)), named)
	}
}
