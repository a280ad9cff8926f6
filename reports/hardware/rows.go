package hardware

import (
	"fmt"
	"strconv"
	"strings"
)

// row is a row of the hardware table.
type row struct {
	name string
	part Part
	show func(*description) string                // empty if unknown
	same func(declared, probed *description) bool // called if both are known
}

// rows are in the paper's order.
var rows = []row{
	{"CPU", Processor, showCPU, sameCPU},
	{"GPU", Processor, func(d *description) string { return d.GPU }, sameGPUs},
	{"DRAM", Memory, showDRAM, sameDRAM},
	word("OS", System, func(d *description) string { return d.OS }),
	word("Kernel", System, func(d *description) string { return d.Kernel }),
	word("Python", Software, func(d *description) string { return d.Python }),
	{"CUDA", System, showCUDA, sameCUDA},
	word("PyTorch", Software, func(d *description) string { return d.PyTorch }),
	word("vLLM", Software, showVLLM),
	{"SSD", System, showSSD, sameSSD},
	{"FS", System, func(d *description) string { return d.FS }, sameFS},
}

// word is a row of one name or release, compared as shown.
func word(name string, part Part, show func(*description) string) row {
	return row{name, part, show, func(declared, probed *description) bool {
		return alike(show(declared), show(probed))
	}}
}

func (r row) compare(declared, probed *description) Fact {
	fact := Fact{Name: r.name, Part: r.part, Declared: r.show(declared), Probed: r.show(probed), Verdict: Equal}
	switch {
	case fact.Declared == "":
		fact.Verdict = Undeclared
	case fact.Probed == "":
		fact.Verdict = Unknown
	case !r.same(declared, probed):
		fact.Verdict = Different
	}
	return fact
}

func showCPU(d *description) string {
	cpu := d.CPU
	if cpu.Model == "" {
		return ""
	}
	times := ""
	if cpu.Sockets > 1 {
		times = fmt.Sprintf("%d×", cpu.Sockets)
	}
	text := strings.TrimSpace(times + " " + cpu.Model)
	if cpu.Cores > 0 {
		text += fmt.Sprintf(" (%s%dC)", times, cpu.Cores)
	}
	return text
}

func showDRAM(d *description) string {
	if d.DRAM.Size <= 0 {
		return d.DRAM.Type
	}
	return strings.TrimSpace(d.DRAM.Type + " " + showSize(d.DRAM.Size))
}

// showSize is a size in GB as the paper writes it: 251GB, 2TB.
func showSize(gb float64) string {
	if gb < 1000 {
		return decimals(gb, 1) + "GB"
	}
	return decimals(gb/1000, 2) + "TB"
}

// decimals writes x with at most the given number of decimals.
func decimals(x float64, most int) string {
	text := strconv.FormatFloat(x, 'f', most, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func showCUDA(d *description) string {
	version, driver := d.CUDA.Version, d.CUDA.Driver
	switch {
	case driver == "":
		return version
	case d.newestCUDA != "":
		driver += ", up to " + d.newestCUDA
	}
	return strings.TrimSpace(version + " (Driver " + driver + ")")
}

func showVLLM(d *description) string {
	if d.VLLM == "" {
		return ""
	}
	return "v" + strings.TrimPrefix(d.VLLM, "v")
}

func showSSD(d *description) string {
	if d.SSD.Count == 0 {
		return ""
	}
	words := []string{fmt.Sprintf("%d×", d.SSD.Count)}
	if d.SSD.Interface != "" {
		words = append(words, d.SSD.Interface)
	}
	noun := "SSD"
	if d.SSD.Count > 1 {
		noun = "SSDs"
	}
	return strings.Join(append(words, noun), " ")
}
