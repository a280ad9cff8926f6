package plan

import (
	"cmp"
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/predict"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/runner/paper"
)

// Cost is the time that a plan takes on a node, in seconds, estimated from the paper's
// recorded start-ups: from the first line of their log to the last.
type Cost struct {
	Node   string
	Shared float64 // as planned: cells share the runs that they have in common
	Alone  float64 // every figure measured on its own
	// Guessed is the part of Shared for runs that the paper did not record on that node, and
	// BySize that for runs of sets that it does not have.
	Guessed, BySize float64
	// Likely is Shared if the plan's rule stops early, for runs that spread as the recorded
	// ones do; LikelyRuns are the starts of that, with the warm-ups. A configuration with
	// too few recorded runs counts with as many as it may have.
	Likely     float64
	LikelyRuns int
}

// Costs are the costs of a plan and its other side by node, in the order in which its cells
// name them.
func Costs(p *result.Plan) (costs []Cost) {
	if p.Against != nil {
		costs = Costs(p.Against)
	}
	for _, cell := range p.Cells {
		set := p.Set(cell.Set)
		if set == nil {
			continue
		}
		i := slices.IndexFunc(costs, func(c Cost) bool { return c.Node == cell.Node })
		if i < 0 {
			i, costs = len(costs), append(costs, Cost{Node: cell.Node})
		}
		cost := setCost(p, set, cell.Node)
		if cell.Shares != "" {
			cost = Cost{Alone: cost.Alone}
		}
		costs[i].add(cost)
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
	c.BySize += other.BySize
	c.Likely, c.LikelyRuns = c.Likely+other.Likely, c.LikelyRuns+other.LikelyRuns
}

// setCost is the cost of all runs of a set on a node.
func setCost(p *result.Plan, set *result.Set, node string) (cost Cost) {
	most := set.CountedIterations(p.MostIterations())
	for i := range set.Configurations {
		c := &set.Configurations[i]
		likely := likelyIterations(p, set, c, node)
		one := configurationCost(p, set, c, node, most)
		one.Likely, one.LikelyRuns = configurationCost(p, set, c, node, likely).Shared, 1+likely
		cost.add(one)
	}
	return cost
}

// configurationCost is the cost of a configuration's warm-up and counted runs on a node.
func configurationCost(p *result.Plan, set *result.Set, c *result.Configuration, node string, counted int) (cost Cost) {
	for _, kind := range []struct {
		warmUp bool
		runs   int
	}{{true, 1}, {false, counted}} {
		seconds, from := runSeconds(p, set, c, node, kind.warmUp)
		seconds *= float64(kind.runs)
		cost.Shared, cost.Alone = cost.Shared+seconds, cost.Alone+seconds
		switch from {
		case fromSet:
			cost.Guessed += seconds
		case fromSize:
			cost.BySize += seconds
		}
	}
	return cost
}

// likelyIterations is after how many counted iterations the plan's rule would stop a
// configuration.
func likelyIterations(p *result.Plan, set *result.Set, c *result.Configuration, node string) int {
	fewest, most := set.CountedIterations(p.Iterations), set.CountedIterations(p.MostIterations())
	if p.Stop == nil || p.Stop.Within == 0 { // the other rule needs both sides
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

// source is what a run's time is known or guessed from.
type source int

const (
	fromRuns source = iota // the recorded runs of the model in the set on the node
	fromSet                // other recorded runs of the set
	fromSize               // the size of the model, as the paper's models start
)

// unknownSeconds stands for the start-up of a model of unknown size, or of which the paper
// has no time.
const unknownSeconds = 60

// runSeconds is how long a run takes: what the recorded ones of the model in the set took
// on the node on average, warm-ups apart from counted ones, or else a guess.
func runSeconds(
	p *result.Plan, set *result.Set, c *result.Configuration, node string, warmUp bool,
) (seconds float64, from source) {
	if seconds, known := meanSeconds(paper.RunsOf(set.Name, node, c.Model, warmUp)); known {
		return seconds, fromRuns
	}
	for _, runs := range [][]phase.Times{
		paper.RunsOf(set.Name, "", "", warmUp),
		paper.Runs(set, c, node, false), // for a warm-up of which none was published
	} {
		if seconds, known := meanSeconds(runs); known {
			return seconds, fromSet
		}
	}
	if paper.Sets()[set.Name].Name != "" { // of which no run has a log
		return unknownSeconds, fromSet
	}
	return secondsBySize(p.Model(c.Model), warmUp), fromSize
}

// secondsBySize guesses how long a model of any set takes from the GiB of its weights, by the
// line through the paper's models on its main node.
func secondsBySize(m *result.Model, warmUp bool) float64 {
	const ofMost = "models" // the set of most models
	var gib, seconds []float64
	for _, known := range paper.Models() {
		if took, recorded := meanSeconds(paper.RunsOf(ofMost, paper.MainNode, known.Key, warmUp)); recorded {
			gib, seconds = append(gib, known.WeightsGiB), append(seconds, took)
		}
	}
	if m == nil || m.WeightsGiB == 0 && m.SizeB == 0 {
		return unknownSeconds
	}
	line := stat.FitNonNegative(gib, seconds)
	return line.Intercept + line.Slope*cmp.Or(m.WeightsGiB, predict.WeightsGiB(m.SizeB))
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
