package plan

import (
	"math"

	"coldstart/reports/phase"
	"coldstart/reports/result"
	"coldstart/runner/engine/replay"
	"coldstart/runner/paper"
)

const (
	// leastMinutes is for what every job does besides: fetching the program and the
	// plan, keeping the results.
	leastMinutes = 15
	// patience is how much longer than the paper's a start-up may take before the
	// job is given up.
	patience = 4
	// unknownSeconds stands for a start-up that the paper has no time of.
	unknownSeconds = 60
)

// minutes is a cell's time limit: a few times what the paper's runs of its set
// took. A replay needs no more than the least.
func minutes(plan *result.Plan, cell result.Cell) int {
	set := plan.Set(cell.Set)
	if set == nil || plan.Engine == replay.Name {
		return leastMinutes
	}
	seconds := float64(set.Runs(plan.Iterations)) * recordedSeconds(set.Name)
	return leastMinutes + int(math.Ceil(patience*seconds/60))
}

// recordedSeconds is how long the paper's runs of a set took on average.
func recordedSeconds(set string) float64 {
	sum, n := 0.0, 0
	for _, m := range paper.Measurements() {
		if seconds, ok := m.Seconds.Get(phase.ActualTotalTime); ok && m.Set == set {
			sum, n = sum+seconds, n+1
		}
	}
	if n == 0 {
		return unknownSeconds
	}
	return sum / float64(n)
}
