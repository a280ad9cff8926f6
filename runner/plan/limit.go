package plan

import (
	"math"

	"coldstart/reports/result"
)

const (
	// leastMinutes is for what every job does besides measuring: it fetches the program and
	// the plan, and uploads the results.
	leastMinutes = 15
	// setUpMinutes is for setting up an environment: some 10 GB to fetch.
	setUpMinutes = 30
	// patience is how many times as long as the paper's a start-up may take.
	patience = 4
)

// minutes is the time limit of a cell's job: a few times what the paper's runs of its set
// took. A replay needs no more than the least.
func minutes(plan *result.Plan, cell result.Cell) int {
	set := plan.Set(cell.Set)
	if set == nil || !plan.Origin().Measured() {
		return leastMinutes
	}
	own := setUpMinutes + int(math.Ceil(patience*setCost(plan, set, cell.Node).Shared/60))
	if plan.Against != nil {
		own += minutes(plan.Against, cell) - leastMinutes
	}
	return leastMinutes + own
}
