package plan

import (
	"math"

	"coldstart/reports/result"
)

const (
	// leastMinutes is for what every job does besides: fetching the program and the
	// plan, keeping the results.
	leastMinutes = 15
	// setUpMinutes is for an environment that is not there yet: some 10 GB to fetch.
	setUpMinutes = 30
	// patience is how much longer than the paper's a start-up may take before the
	// job is given up.
	patience = 4
)

// minutes is a cell's time limit: a few times what the paper's runs of its set
// took. A replay needs no more than the least.
func minutes(plan *result.Plan, cell result.Cell) int {
	set := plan.Set(cell.Set)
	if set == nil || !plan.Origin().Measured() {
		return leastMinutes
	}
	return leastMinutes + setUpMinutes + int(math.Ceil(patience*setCost(plan, set, cell.Node).Shared/60))
}
