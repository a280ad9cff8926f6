package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// Recorded finds the run of a configuration that was recorded on a node; iteration 0 is
// the warm-up. A model that was recorded with other arguments than the set has is taken
// with a warning.
func Recorded(
	set *result.Set, c *result.Configuration, node string, iteration int,
) (m *Measurement, warnings []string, err error) {
	candidates := recordings()[recordingKey{set.Name, node, cmp.Or(c.Directory, c.Model), iteration}]
	want := commandLine(c.Args)
	for _, m := range candidates {
		if m.Args == want && m.Release == cmp.Or(c.Release, release) {
			return m, nil, nil
		}
	}
	if len(candidates) != 1 {
		return nil, nil, fmt.Errorf("the paper recorded no iteration %d of %s in set %s on %s",
			iteration, c.ID, set.Name, node)
	}
	m = candidates[0]
	warning := fmt.Sprintf("%s on %s: %s was recorded with arguments %q, not %q", set.Name, node, c.Model, m.Args, want)
	return m, []string{warning}, nil
}

// RecordedOn are the nodes that a set was recorded on, in order.
func RecordedOn(set *result.Set) (nodes []string) {
	if set.SampleCPU {
		return []string{MainNode}
	}
	for key := range recordings() {
		if key.set == set.Name && !slices.Contains(nodes, key.node) {
			nodes = append(nodes, key.node)
		}
	}
	slices.Sort(nodes)
	return nodes
}

// Runs are the phases of the recorded runs of a configuration, of its warm-up or of the
// counted iterations: those on the node or, where there are none, on another one.
func Runs(set *result.Set, c *result.Configuration, node string, warmUp bool) (runs []phase.Times) {
	first, last := 1, Iterations
	if warmUp {
		first, last = 0, 0
	}
	for _, node := range append([]string{node}, RecordedOn(set)...) {
		for iteration := first; iteration <= last; iteration++ {
			if m, _, err := Recorded(set, c, node, iteration); err == nil {
				runs = append(runs, m.Seconds)
			}
		}
		if len(runs) > 0 {
			break
		}
	}
	return runs
}

// RunsOf are the phases of the recorded runs, warm-ups or counted iterations, of a model
// in a set on a node, whatever its arguments; or of the whole set, with neither node nor
// model.
func RunsOf(set, node, model string, warmUp bool) []phase.Times {
	return recordedRuns()[runsKey{set, node, model, warmUp}]
}

type runsKey struct {
	set, node, model string
	warmUp           bool
}

var recordedRuns = sync.OnceValue(func() map[runsKey][]phase.Times {
	index := map[runsKey][]phase.Times{}
	for _, m := range allMeasurements() {
		warmUp := m.Iteration == 0
		for _, key := range []runsKey{{m.Set, m.Node, m.Model, warmUp}, {set: m.Set, warmUp: warmUp}} {
			index[key] = append(index[key], m.Seconds)
		}
	}
	return index
})

// commandLine are engine arguments as Measurement.Args has them.
func commandLine(args []result.Arg) string {
	var words []string
	for _, arg := range args {
		words = append(words, strings.TrimSpace("--"+arg.Name+" "+arg.Value))
	}
	return strings.Join(words, " ")
}

// recordingKey names the recorded runs of a model, which differ in their arguments or in
// the release of vLLM.
type recordingKey struct {
	set, node, model string
	iteration        int
}

var recordings = sync.OnceValue(func() map[recordingKey][]*Measurement {
	index := map[recordingKey][]*Measurement{}
	all := allMeasurements()
	for i := range all {
		m := &all[i]
		key := recordingKey{m.Set, m.Node, m.Model, m.Iteration}
		index[key] = append(index[key], m)
	}
	return index
})

var allMeasurements = sync.OnceValue(func() []Measurement {
	return slices.Concat(Measurements(), releaseMeasurements())
})
