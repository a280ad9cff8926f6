package hardware

import (
	"fmt"
	"strconv"
	"strings"
)

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
