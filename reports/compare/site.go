package compare

import (
	"fmt"
	"slices"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/reports/table"
)

// A site is where a side measured a set: a node, and one of its GPUs if
// hardware-matrix.yaml has an index.
type site struct {
	results *result.Results
	set     *result.Set
	node    string
	gpu     result.GPUs
	cells   []*result.CellResult // with runs; cells that share runs may have copies of them
}

// sites are where a side measured a set, in the order of the plan.
func sites(r *result.Results, set *result.Set) (all []*site) {
	for _, planned := range r.Plan.Cells {
		cell := r.Cell(planned.ID)
		if planned.Set != set.Name || cell == nil || len(cell.Runs) == 0 {
			continue
		}
		i := slices.IndexFunc(all, func(s *site) bool { return s.is(planned.Node, planned.GPU) })
		if i < 0 {
			i, all = len(all), append(all, &site{results: r, set: set, node: planned.Node, gpu: planned.GPU})
		}
		if !slices.Contains(all[i].cells, cell) {
			all[i].cells = append(all[i].cells, cell)
		}
	}
	return all
}

func (s *site) is(node string, gpu result.GPUs) bool {
	return s.node == node && s.gpu == gpu
}

// String is the site as "baseline on n1" or "baseline on GPU 1 of n1". Logs name no node.
func (s *site) String() string {
	if s.node == "" {
		return s.set.Name
	}
	if s.gpu != "" {
		return fmt.Sprintf("%s on %v of %s", s.set.Name, s.gpu, s.node)
	}
	return s.set.Name + " on " + s.node
}

// runs are a configuration's runs from the cell with the most counted ones. In the paper's
// artifact, cells that share runs have copies of them, which must not be counted twice.
func (s *site) runs(configuration string) (best runs) {
	for _, cell := range s.cells {
		if found := runsOf(cell, configuration); best.cell == nil || len(found.counted) > len(best.counted) {
			best = found
		}
	}
	return best
}

// runs are a configuration's runs at a site, without warm-ups.
type runs struct {
	cell            *result.CellResult
	counted, failed []*result.Run
}

func runsOf(cell *result.CellResult, configuration string) runs {
	found := runs{cell: cell}
	for i := range cell.Runs {
		switch run := &cell.Runs[i]; {
		case run.Configuration != configuration || run.Iteration == 0:
		case run.Counts():
			found.counted = append(found.counted, run)
		default:
			found.failed = append(found.failed, run)
		}
	}
	return found
}

// why says why no run counts.
func (r *runs) why() string {
	switch {
	case len(r.failed) == 1:
		return "failed to start in its only run: " + r.failed[0].Failed
	case len(r.failed) > 1:
		return fmt.Sprintf("failed to start in all of %s: %s", table.Count(len(r.failed), "run"), r.failed[0].Failed)
	case r.cell.Error != "":
		return "has no counted run: " + r.cell.Error
	}
	return "has no counted run"
}

// releases are the engine's releases in the counted runs' logs.
func (r *runs) releases() (all []string) {
	for _, run := range r.counted {
		if run.Release != "" {
			all = append(all, run.Release)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// machine compares the machines of two sites. another says why they are different
// machines, or is empty. unknown reports that a processor or GPU is unknown. facts are the
// other differences, except in software, which the environment or the logs have.
func machine(a, b *site) (another string, unknown bool, facts []Fact) {
	for _, row := range hardware.Compare(a.results.Description(a.node), b.results.Description(b.node)) {
		different := row.Verdict == hardware.Different
		switch row.Part {
		case hardware.Processor:
			unknown = unknown || row.Declared == "" || row.Probed == ""
			if different {
				another = fmt.Sprintf("another machine: its %s is %s in A, %s in B", row.Name, row.Declared, row.Probed)
			}
		case hardware.Memory, hardware.System:
			if different {
				facts = append(facts, Fact{What: row.Name, Of: a.node, A: row.Declared, B: row.Probed})
			}
		}
	}
	return another, unknown, facts
}
