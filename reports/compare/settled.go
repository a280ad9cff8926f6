package compare

import (
	"slices"
	"sync"

	"coldstart/reports/result"
)

const (
	// LeastTurns is the least number of turns that can settle a comparison.
	LeastTurns = leastRuns
	// MostTurns is the limit, unless somebody sets another. testdata/turns.md has what up to 50
	// turns settle.
	MostTurns = 30
)

// Settled are the ids of A's configurations whose comparison is settled, so that measuring
// in turns can stop: they differ by less than a share of A's mean, or one side is slower.
// That is confirmed first: the last turn and the one before must agree.
func Settled(a, b *result.Results, margin float64) (ids []string) {
	before := sync.OnceValue(func() map[string]Verdict {
		last := max(lastTurn(a), lastTurn(b))
		return decisions(until(a, last-1), until(b, last-1), margin)
	})
	for id, verdict := range decisions(a, b, margin) {
		switch verdict {
		case Same:
			ids = append(ids, id)
		case Slower, Faster:
			if before()[id] == verdict {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// decisions are the verdicts of the deciding phases, by A's configuration. Results that have
// nothing in common yet have none.
func decisions(a, b *result.Results, margin float64) map[string]Verdict {
	verdicts := map[string]Verdict{}
	c, err := Results(a, b, Options{Margin: margin})
	if err != nil {
		return verdicts
	}
	for i := range c.Configurations {
		for _, p := range c.Configurations[i].Phases {
			if p.Decides {
				verdicts[c.Configurations[i].ID] = p.Verdict
			}
		}
	}
	return verdicts
}

func lastTurn(r *result.Results) (last int) {
	for _, cell := range r.Cells {
		for i := range cell.Runs {
			last = max(last, cell.Runs[i].Iteration)
		}
	}
	return last
}

// until are the results without the turns after one.
func until(r *result.Results, turn int) *result.Results {
	earlier := *r
	earlier.Cells = map[string]*result.CellResult{}
	for id, cell := range r.Cells {
		kept := *cell
		kept.Runs = slices.DeleteFunc(slices.Clone(cell.Runs), func(run result.Run) bool { return run.Iteration > turn })
		earlier.Cells[id] = &kept
	}
	return &earlier
}
