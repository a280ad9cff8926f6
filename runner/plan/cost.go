package plan

import (
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/runner/paper"
)

// Cost is the GPU time that a plan takes of a node, in seconds, by what the paper's
// recorded start-ups took from the first line of their log to the last.
type Cost struct {
	Node   string
	Shared float64 // as planned: cells share the runs that they have in common
	Alone  float64 // every figure measured on its own
	// Guessed is how much of Shared is of runs that the paper has no time of on that
	// node.
	Guessed float64
	// Likely is what is taken of Shared, in LikelyRuns starts with the warm-ups, where
	// the plan's rule stops runs that spread as the recorded ones. A configuration that
	// the paper has too few runs of is taken to need as many as it may have.
	Likely     float64
	LikelyRuns int
}

// Costs are a plan's by node, in the order in which its cells name them.
func Costs(p *result.Plan) (costs []Cost) {
	for _, cell := range p.Cells {
		set := p.Set(cell.Set)
		if set == nil {
			continue
		}
		i := slices.IndexFunc(costs, func(c Cost) bool { return c.Node == cell.Node })
		if i < 0 {
			i, costs = len(costs), append(costs, Cost{Node: cell.Node})
		}
		seconds, guessed := setSeconds(p, set, cell.Node)
		costs[i].Alone += seconds
		if cell.Shares != "" {
			continue
		}
		rest, runs := likely(p, set, cell.Node)
		costs[i].add(Cost{Shared: seconds, Guessed: guessed, Likely: rest, LikelyRuns: runs})
	}
	return costs
}

// Total adds costs up.
func Total(costs []Cost) (total Cost) {
	for _, c := range costs {
		total.add(c)
	}
	return total
}

func (c *Cost) add(other Cost) {
	c.Shared, c.Alone, c.Guessed = c.Shared+other.Shared, c.Alone+other.Alone, c.Guessed+other.Guessed
	c.Likely, c.LikelyRuns = c.Likely+other.Likely, c.LikelyRuns+other.LikelyRuns
}

// setSeconds is the time of all runs of a set on a node, and how much of that is guessed.
func setSeconds(p *result.Plan, set *result.Set, node string) (total, guessed float64) {
	for i := range set.Configurations {
		counted := set.CountedIterations(p.MostIterations())
		seconds, unknown := configurationSeconds(set, &set.Configurations[i], node, counted)
		total, guessed = total+seconds, guessed+unknown
	}
	return total, guessed
}

// likely is the time of the runs of a set on a node that the plan's rule does not save,
// and their number.
func likely(p *result.Plan, set *result.Set, node string) (total float64, runs int) {
	for i := range set.Configurations {
		c := &set.Configurations[i]
		counted := likelyIterations(p, set, c, node)
		seconds, _ := configurationSeconds(set, c, node, counted)
		total, runs = total+seconds, runs+1+counted
	}
	return total, runs
}

// configurationSeconds is the time of a configuration's warm-up and counted runs on a
// node, and how much of that is guessed.
func configurationSeconds(set *result.Set, c *result.Configuration, node string, counted int) (total, guessed float64) {
	for _, kind := range []struct {
		warmUp bool
		runs   int
	}{{true, 1}, {false, counted}} {
		seconds, known := runSeconds(set, c, node, kind.warmUp)
		seconds *= float64(kind.runs)
		total += seconds
		if !known {
			guessed += seconds
		}
	}
	return total, guessed
}

// likelyIterations is after how many counted iterations the plan's rule would stop a
// configuration.
func likelyIterations(p *result.Plan, set *result.Set, c *result.Configuration, node string) int {
	fewest, most := set.CountedIterations(p.Iterations), set.CountedIterations(p.MostIterations())
	if p.Stop == nil {
		return most
	}
	runs := paper.Runs(set, c, node, false)
	if len(runs) < stat.LeastSettled {
		return most
	}
	needed := fewest
	for ph := range phase.All() {
		values := stat.Values(runs, ph)
		if len(values) > 0 && stat.Summarize(values).Mean >= stat.Telling {
			needed = max(needed, stat.RunsToSettle(values, p.Stop.Within))
		}
	}
	return min(needed, most)
}

// unknownSeconds stands for a start-up that the paper has no time of.
const unknownSeconds = 60

// runSeconds is how long a run takes: what the recorded ones of the model in the set took
// on the node on average, warm-ups apart from counted ones, or else a guess.
func runSeconds(set *result.Set, c *result.Configuration, node string, warmUp bool) (seconds float64, known bool) {
	if seconds, known := meanSeconds(paper.RunsOf(set.Name, node, c.Model, warmUp)); known {
		return seconds, true
	}
	for _, runs := range [][]phase.Times{
		paper.RunsOf(set.Name, "", "", warmUp),
		paper.Runs(set, c, node, false), // for a warm-up of which none was published
	} {
		if seconds, known := meanSeconds(runs); known {
			return seconds, false
		}
	}
	return unknownSeconds, false
}

// meanSeconds is how long runs took on average, false where there are none.
func meanSeconds(runs []phase.Times) (mean float64, known bool) {
	total := 0.0
	for _, run := range runs {
		seconds, whole := run.Get(phase.ActualTotalTime)
		if !whole { // of figure 1's
			seconds, _ = run.Get(phase.InitializeEngine)
		}
		total += seconds
	}
	return total / float64(len(runs)), len(runs) > 0
}
