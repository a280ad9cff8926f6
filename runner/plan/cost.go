package plan

import (
	"slices"
	"sync"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/paper"
)

// Cost is the GPU time that a plan takes of one node, in seconds, by what the
// paper's recorded start-ups took from the first line of their log to the last.
type Cost struct {
	Node   string
	Shared float64 // as planned: cells share the runs that they have in common
	Alone  float64 // every figure measured on its own
	// Guessed is how much of Shared is of runs that the paper has no time of on that
	// node.
	Guessed float64
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
		seconds, guessed := cellSeconds(p, set, cell.Node)
		costs[i].Alone += seconds
		if cell.Shares == "" {
			costs[i].Shared += seconds
			costs[i].Guessed += guessed
		}
	}
	return costs
}

// cellSeconds is the time of all runs of a set on a node, and how much of that is
// guessed.
func cellSeconds(p *result.Plan, set *result.Set, node string) (seconds, guessed float64) {
	kinds := []struct {
		warmUp bool
		runs   int
	}{{true, 1}, {false, set.CountedIterations(p.MostIterations())}}
	for i := range set.Configurations {
		for _, kind := range kinds {
			took, known := runSeconds(set, &set.Configurations[i], node, kind.warmUp)
			took *= float64(kind.runs)
			seconds += took
			if !known {
				guessed += took
			}
		}
	}
	return seconds, guessed
}

// runSeconds is how long a run takes: what the recorded ones of the configuration
// took on the node on average, warm-ups apart from counted ones, or else a guess:
// those of its set anywhere.
func runSeconds(set *result.Set, c *result.Configuration, node string, warmUp bool) (seconds float64, known bool) {
	if set.Releases { // of which the paper has the time to build the engine
		for _, r := range paper.Releases() {
			if r.Version == c.Release {
				return r.InitializeEngine, !warmUp
			}
		}
	}
	times := recordedTimes()
	if t := times[timeKey{set.Name, node, c.Model, warmUp}]; t.n > 0 {
		return t.mean(), true
	}
	if t := times[timeKey{set: set.Name, warmUp: warmUp}]; t.n > 0 {
		return t.mean(), false
	}
	return unknownSeconds, false
}

// timeKey names recorded runs: those of a model in a set on a node, or, with
// neither model nor node, of the whole set.
type timeKey struct {
	set, node, model string
	warmUp           bool
}

type times struct {
	sum float64
	n   int
}

func (t times) mean() float64 { return t.sum / float64(t.n) }

var recordedTimes = sync.OnceValue(func() map[timeKey]times {
	all := map[timeKey]times{}
	for _, m := range paper.Measurements() {
		seconds, ok := m.Seconds.Get(phase.ActualTotalTime)
		if !ok {
			continue
		}
		for _, k := range []timeKey{{m.Set, m.Node, m.Model, m.Iteration == 0}, {set: m.Set, warmUp: m.Iteration == 0}} {
			t := all[k]
			all[k] = times{t.sum + seconds, t.n + 1}
		}
	}
	return all
})
