package doctor

import (
	"fmt"
	"os"
	"slices"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	prober "coldstart/runner/hardware"
)

// eachGPU gathers the findings of the GPUs that the jobs may use. Without any it passes with
// the words of good.
func eachGPU(n *Node, good string, look func(hardware.GPU) []Finding) (findings []Finding) {
	used := n.used()
	for _, gpu := range used {
		findings = append(findings, look(gpu)...)
	}
	switch {
	case len(findings) > 0 || len(used) == 0:
		return findings
	case len(used) < len(n.Probe.GPUs):
		good = result.GPUsOf(hardware.Indices(used)...).String() + ": " + good
	}
	return pass(good)
}

// hidden fails if CUDA_VISIBLE_DEVICES hides all of the machine's GPUs from the jobs, unless the
// plan gives them GPUs.
func hidden(n *Node) []Finding {
	if len(n.used()) > 0 || slices.ContainsFunc(n.cells(), func(c result.Cell) bool { return c.GPU != "" }) {
		return nil
	}
	says := fmt.Sprintf("CUDA_VISIBLE_DEVICES hides all %d GPUs of this machine from the engine", len(n.Probe.GPUs))
	return fail(says, "unset CUDA_VISIBLE_DEVICES")
}

// used are the GPUs that the node's jobs may use, or without jobs those that are visible here.
func (n *Node) used() (used []hardware.GPU) {
	allowed := hardware.Indices(slices.Concat(n.allowed()...))
	for _, gpu := range n.Probe.GPUs {
		if slices.Contains(allowed, gpu.Index) {
			used = append(used, gpu)
		}
	}
	return used
}

// allowed are the GPUs that each start of the node's jobs may use: those that the plan gives the
// job, or else those that are visible to the start.
func (n *Node) allowed() (all [][]hardware.GPU) {
	seen := map[string]bool{} // sets
	for _, cell := range n.cells() {
		switch {
		case cell.GPU != "":
			all = append(all, slices.DeleteFunc(slices.Clone(n.Probe.GPUs), func(g hardware.GPU) bool { return !cell.GPU.Has(g.Index) }))
		case !seen[cell.Set]:
			seen[cell.Set] = true
			for _, variables := range n.starts(cell.Set) {
				all = append(all, prober.Visible(variables, n.Probe.GPUs))
			}
		}
	}
	if len(n.cells()) == 0 {
		all = append(all, prober.Visible(os.Environ(), n.Probe.GPUs))
	}
	return all
}

// starts are the variables of a set's starts, NAME=value: this process's, if no environment of
// coldstart is known.
func (n *Node) starts(set string) (all [][]string) {
	if of := n.Plan.Set(set); of != nil && n.Checker != nil {
		n.Checker.Starts(of, func(variables []string) { all = append(all, variables) })
	}
	if len(all) == 0 {
		all = append(all, os.Environ())
	}
	return all
}
