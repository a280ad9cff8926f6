package table

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// Probe is all that a probe found, a row a fact: the hardware table's rows first,
// beside what is declared of the node unless that is nil, then what no table
// declares. Unknown facts are "unknown"; Reasons has why.
func Probe(found *result.Probe, node string, declared *result.Hardware) Table {
	t := Table{Header: []string{"", "found"}}
	if declared != nil {
		t.Header = []string{"", node + " declared", "found"}
	}
	add := func(name, declaration string, found Cell) {
		found.Text = cmp.Or(found.Text, "unknown")
		row := []Cell{{Text: name}, {Text: declaration}, found}
		if declared == nil {
			row = slices.Delete(row, 1, 2)
		}
		t.Rows = append(t.Rows, row)
	}
	hardware := found.Hardware()
	for _, fact := range Compare(declared, &hardware) {
		add(fact.Name, cmp.Or(fact.Declared, "--"), Cell{Text: fact.Probed, Mismatch: fact.Verdict == Different})
	}
	for _, fact := range furtherFacts(found) {
		add(fact[0], "", Cell{Text: fact[1]})
	}
	return t
}

// furtherFacts are the facts that the hardware table has no row for, each with
// its name.
func furtherFacts(p *result.Probe) [][2]string {
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
		facts = append(facts, [2]string{"Drive " + drive.Name, phrases(drive.Model, size, drive.Link.String())})
	}
	return facts
}

// gpuLine is what there is to say of a GPU besides its name.
func gpuLine(p *result.Probe, i int) string {
	gpu := &p.GPUs[i]
	var parts []string
	if gpu.MemoryGiB > 0 {
		parts = append(parts, decimals(gpu.MemoryGiB, 1)+" GiB")
	}
	parts = append(parts, gpu.Link.String())
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
	switch n {
	case 0:
		return "idle"
	case 1:
		return "1 compute process"
	}
	return fmt.Sprintf("%d compute processes", n)
}

// phrases joins those that are not empty.
func phrases(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// Reasons are why facts of a probe are not known, a line each, by fact.
func Reasons(found *result.Probe) (lines []string) {
	for _, fact := range slices.Sorted(maps.Keys(found.Unknown)) {
		lines = append(lines, fact+": "+found.Unknown[fact])
	}
	return lines
}
