package table

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// HardwareColumn is a node for the hardware table.
type HardwareColumn struct {
	Node     string
	Declared *result.Hardware // by the lab's file; nil for a machine that is not in it
	Probed   *result.Hardware // as found on the node; nil where nobody looked
}

// Mismatch is a fact that a node's declaration and its probe do not agree on.
type Mismatch struct {
	Node     string
	Row      string // of the hardware table, such as "GPU"
	Declared string // as the table shows it
	Probed   string // as the table shows it, without a mark
}

// String is the mismatch as a sentence for a summary, without a full stop.
func (m Mismatch) String() string {
	return fmt.Sprintf("%s: %s is declared as %s, but the node has %s", m.Node, m.Row, m.Declared, m.Probed)
}

// Hardware is the paper's hardware table, a column a node; a node that was probed
// has two, what is declared and what was found. A found fact that contradicts the
// declared one is marked with ≠. A fact that is not declared is "--" as in the
// paper, one that a probe could not find is "unknown"; neither contradicts
// anything.
func Hardware(nodes []HardwareColumn) Table {
	t := Table{Header: []string{""}}
	for _, node := range nodes {
		t.Header = append(t.Header, node.titles()...)
	}
	for _, row := range hardwareRows {
		cells := []Cell{{Text: row.name}}
		for _, node := range nodes {
			cells = append(cells, row.cells(node)...)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// Mismatches are the facts that Hardware marks, node by node in the order of the
// table's rows.
func Mismatches(nodes []HardwareColumn) []Mismatch {
	var all []Mismatch
	for _, node := range nodes {
		for _, row := range hardwareRows {
			if row.contradicts(node) {
				all = append(all, Mismatch{node.Node, row.name, row.show(node.Declared), row.show(node.Probed)})
			}
		}
	}
	return all
}

// titles are the headers of a node's columns.
func (c HardwareColumn) titles() []string {
	switch {
	case c.Probed == nil:
		return []string{c.Node}
	case c.Declared == nil:
		return []string{c.Node + " probed"}
	default:
		return []string{c.Node + " declared", c.Node + " probed"}
	}
}

// hardwareRow is a row of the hardware table.
type hardwareRow struct {
	name string
	show func(*result.Hardware) string                // empty where nothing is known
	same func(declared, probed *result.Hardware) bool // both are known
}

// hardwareRows are in the paper's order.
var hardwareRows = []hardwareRow{
	{"CPU", showCPU, sameCPU},
	{"GPU", func(h *result.Hardware) string { return h.GPU }, sameGPU},
	{"DRAM", showDRAM, sameDRAM},
	word("OS", func(h *result.Hardware) string { return h.OS }),
	word("Kernel", func(h *result.Hardware) string { return h.Kernel }),
	word("Python", func(h *result.Hardware) string { return h.Python }),
	{"CUDA", showCUDA, sameCUDA},
	word("PyTorch", func(h *result.Hardware) string { return h.PyTorch }),
	word("vLLM", showVLLM),
	{"SSD", showSSD, sameSSD},
	{"FS", func(h *result.Hardware) string { return h.FS }, sameFS},
}

// word is a row that is one name or release, and compared as it is shown.
func word(name string, show func(*result.Hardware) string) hardwareRow {
	return hardwareRow{name, show, func(declared, probed *result.Hardware) bool {
		return alike(show(declared), show(probed))
	}}
}

// cells are the row's cells of one node, as many as the node has columns.
func (r hardwareRow) cells(node HardwareColumn) (cells []Cell) {
	if node.Declared != nil || node.Probed == nil {
		cells = append(cells, Cell{Text: cmp.Or(r.known(node.Declared), "--")})
	}
	if node.Probed != nil {
		cells = append(cells, Cell{Text: cmp.Or(r.known(node.Probed), "unknown"), Mismatch: r.contradicts(node)})
	}
	return cells
}

// known is the fact, empty where there is none.
func (r hardwareRow) known(h *result.Hardware) string {
	if h == nil {
		return ""
	}
	return r.show(h)
}

func (r hardwareRow) contradicts(node HardwareColumn) bool {
	return r.compare(node.Declared, node.Probed).Verdict == Different
}

func showCPU(h *result.Hardware) string {
	cpu := h.CPU
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

func showDRAM(h *result.Hardware) string {
	if h.DRAM.Size <= 0 {
		return h.DRAM.Type
	}
	return strings.TrimSpace(h.DRAM.Type + " " + showSize(h.DRAM.Size))
}

// showSize is a size in GB as people write it: 251GB, 2TB.
func showSize(gb float64) string {
	if gb < 1000 {
		return decimals(gb, 1) + "GB"
	}
	return decimals(gb/1000, 2) + "TB"
}

// decimals is a number with so many decimals at most.
func decimals(x float64, most int) string {
	text := strconv.FormatFloat(x, 'f', most, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func showCUDA(h *result.Hardware) string {
	driver := ""
	if h.CUDA.Driver != "" {
		driver = "(Driver " + h.CUDA.Driver + ")"
	}
	if h.CUDA.Driver != "" && h.CUDA.Newest != "" {
		driver = "(Driver " + h.CUDA.Driver + ", up to " + h.CUDA.Newest + ")"
	}
	return strings.TrimSpace(h.CUDA.Version + " " + driver)
}

func showVLLM(h *result.Hardware) string {
	if h.VLLM == "" {
		return ""
	}
	return "v" + strings.TrimPrefix(h.VLLM, "v")
}

func showSSD(h *result.Hardware) string {
	if h.SSD.Count == 0 {
		return ""
	}
	words := []string{fmt.Sprintf("%d×", h.SSD.Count)}
	if h.SSD.Interface != "" {
		words = append(words, h.SSD.Interface)
	}
	noun := "SSD"
	if h.SSD.Count > 1 {
		noun = "SSDs"
	}
	return strings.Join(append(words, noun), " ")
}
