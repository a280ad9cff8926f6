package hardware

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/table"
)

// Findings is everything that a probe found, one row per fact: first the rows of the
// hardware table, then the facts that cannot be declared. If the node has a name, the
// declaration is beside them. Unknown facts are "unknown"; Probe.Reasons says why.
func (n Node) Findings() table.Table {
	t := table.Table{Header: []string{"", n.Name + " declared", "found"}}
	if n.Name == "" {
		t.Header = []string{"", "found"}
	}
	add := func(name string, declared, found table.Cell) {
		row := []table.Cell{{Text: name}, declared, found}
		if n.Name == "" {
			row = slices.Delete(row, 1, 2)
		}
		t.Rows = append(t.Rows, row)
	}
	for _, fact := range n.facts() {
		add(fact.Name, fact.declaredCell(), fact.probedCell())
	}
	for _, fact := range furtherFacts(n.Probed) {
		add(fact[0], table.Cell{}, table.Cell{Text: cmp.Or(fact[1], unknown)})
	}
	return t
}

// furtherFacts are the facts that the hardware table does not have: name and text.
func furtherFacts(p *Probe) [][2]string {
	threads := ""
	if p.CPU.Threads > 0 {
		threads = strconv.Itoa(p.CPU.Threads)
	}
	facts := [][2]string{
		{"Threads", threads},
		{"Governor", p.CPU.Governor},
		{"Clock source", p.ClockSource},
		{"Container", p.Container},
		{"Virtual machine", p.VM},
	}
	for i := range p.GPUs {
		facts = append(facts, [2]string{fmt.Sprintf("GPU %d", p.GPUs[i].Index), gpuLine(p, i)})
	}
	for i := range p.Drives {
		drive := &p.Drives[i]
		size := ""
		if drive.SizeGB > 0 {
			size = showSize(drive.SizeGB)
		}
		facts = append(facts, [2]string{"Drive " + drive.Name, phrases(drive.Model, size, drive.Link.text())})
	}
	return facts
}

// gpuLine lists a GPU's facts except its name.
func gpuLine(p *Probe, i int) string {
	gpu := &p.GPUs[i]
	var parts []string
	if gpu.MemoryGiB > 0 {
		parts = append(parts, decimals(gpu.MemoryGiB, 1)+" GiB")
	}
	parts = append(parts, gpu.Link.text())
	if gpu.MIG != "" {
		parts = append(parts, "MIG "+gpu.MIG)
	}
	if gpu.Persists != "" {
		parts = append(parts, "persistence "+gpu.Persists)
	}
	if gpu.PowerW > 0 {
		parts = append(parts, fmt.Sprintf("up to %.0f W", gpu.PowerW))
	}
	if len(gpu.SlowedBy) > 0 {
		parts = append(parts, "slowed by "+strings.Join(gpu.SlowedBy, ", "))
	}
	if p.Why(fmt.Sprintf("gpus[%d].compute_processes", i)) == "" {
		parts = append(parts, processes(gpu.Processes))
	}
	return phrases(parts...)
}

func processes(n int) string {
	if n == 0 {
		return "idle"
	}
	return table.Count(n, "compute process")
}

// phrases joins the parts that are not empty.
func phrases(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}
