package plan

import (
	"maps"
	"slices"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/reports/stat"
	"coldstart/runner/engine"
	"coldstart/runner/engine/replay"
	"coldstart/runner/paper"
)

// Saving is what a plan's rule of when to stop saves, if runs spread as those that
// the paper's authors recorded.
type Saving struct {
	Runs, MostRuns       int     // starts of the engine, warm-ups included
	Seconds, MostSeconds float64 // GPU time
}

// Saves works out what a plan's rule saves. A configuration that the paper has too
// few runs of is taken to need as many as it may have.
func Saves(p *result.Plan) (s Saving) {
	for _, cell := range p.Cells {
		set := p.Set(cell.Set)
		if set == nil || cell.Shares != "" {
			continue
		}
		for i := range set.Configurations {
			c := &set.Configurations[i]
			likely, most := likelyIterations(p, set, c, cell.Node), set.CountedIterations(p.MostIterations())
			warmUp, _ := runSeconds(set, c, cell.Node, true)
			counted, _ := runSeconds(set, c, cell.Node, false)
			s.Runs, s.MostRuns = s.Runs+1+likely, s.MostRuns+1+most
			s.Seconds, s.MostSeconds = s.Seconds+warmUp+float64(likely)*counted, s.MostSeconds+warmUp+float64(most)*counted
		}
	}
	return s
}

// likelyIterations is after how many counted iterations the plan's rule would stop a
// configuration.
func likelyIterations(p *result.Plan, set *result.Set, c *result.Configuration, node string) int {
	fewest, most := set.CountedIterations(p.Iterations), set.CountedIterations(p.MostIterations())
	runs := recordedRuns(set, c, node)
	if p.Stop == nil || len(runs) < stat.LeastSettled {
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

// recordedRuns are the counted runs that the paper has of a configuration: those of
// the node, or else of another.
func recordedRuns(set *result.Set, c *result.Configuration, node string) (runs []phase.Times) {
	nodes := append([]string{node}, slices.Sorted(maps.Keys(paper.Machines()))...)
	for _, node := range nodes {
		for iteration := 1; iteration <= paper.Iterations && !set.Releases; iteration++ {
			run := engine.Run{Set: set, Configuration: c, Node: node, Iteration: iteration}
			if seconds, ok := replay.Recorded(run); ok {
				runs = append(runs, seconds)
			}
		}
		if len(runs) > 0 {
			return runs
		}
	}
	return nil
}
