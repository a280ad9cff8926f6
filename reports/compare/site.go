package compare

import (
	"fmt"
	"slices"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

// A site is a place where a side measured a set: a node, and one of its GPUs
// where the lab gives an index.
type site struct {
	results *result.Results
	set     *result.Set
	node    string
	gpu     *int
	cells   []*result.CellResult // with runs; the same ones, where cells were kept apart that share them
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

func (s *site) is(node string, gpu *int) bool {
	return s.node == node && (s.gpu == nil) == (gpu == nil) && (gpu == nil || *s.gpu == *gpu)
}

// String is the site as "baseline on n1" or "baseline on GPU 1 of n1".
func (s *site) String() string {
	if s.gpu != nil {
		return fmt.Sprintf("%s on GPU %d of %s", s.set.Name, *s.gpu, s.node)
	}
	return s.set.Name + " on " + s.node
}

// runs are those of a configuration, with the cell that has the most which count.
// The paper's artifact has runs that cells share in the folder of each, and to
// take them together would count every one several times.
func (s *site) runs(configuration string) (best runs) {
	for _, cell := range s.cells {
		if found := runsOf(cell, configuration); best.cell == nil || len(found.counted) > len(best.counted) {
			best = found
		}
	}
	return best
}

// runs are a configuration's at a site, warm-ups left out.
type runs struct {
	cell            *result.CellResult
	counted, failed []result.Run
}

func runsOf(cell *result.CellResult, configuration string) runs {
	found := runs{cell: cell}
	for _, run := range cell.Runs {
		switch {
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
	case len(r.failed) > 0:
		return fmt.Sprintf("failed to start in all of %s: %s", plural(len(r.failed), "run"), r.failed[0].Failed)
	case r.cell.Error != "":
		return "has no counted run: " + r.cell.Error
	}
	return "has no counted run"
}

// releases are those that the counted runs' logs name.
func (r *runs) releases() (all []string) {
	for _, run := range r.counted {
		if run.Release != "" {
			all = append(all, run.Release)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// description says what the machine is: as it was found, or else as the lab's file
// declares it.
func (s *site) description() hardware.Description {
	if probed := s.results.Probed(s.node); probed != nil {
		return probed
	}
	if node := s.results.Plan.Node(s.node); node != nil {
		return node.Declared
	}
	return hardware.Hardware{}
}

// machine compares the machines of two sites. another says why they are not one, or
// is empty; unknown reports that a processor or GPU of one of them is not known. facts
// are the other differences, except software, which the environment or the logs tell.
func machine(a, b *site) (another string, unknown bool, facts []Fact) {
	for _, row := range hardware.Compare(a.description(), b.description()) {
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

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
