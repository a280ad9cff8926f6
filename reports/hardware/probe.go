package hardware

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coldstart/reports/table"
)

// Probe is a machine as found. An empty text or a zero means that the fact is unknown;
// Unknown says why. It contains no name of the machine or its owner, and no path.
type Probe struct {
	CPU    ProbedCPU `json:"cpu,omitzero"`
	GPUs   []GPU     `json:"gpus"` // by index; empty if there are none, null if that is unknown
	Driver Driver    `json:"driver,omitzero"`
	DRAM   DRAM      `json:"dram,omitzero"`
	Platform
	Container   string   `json:"container,omitempty"`    // around the probe: "docker", "podman" and so on, or "none"
	VM          string   `json:"vm,omitempty"`           // hypervisor: "KVM" and so on, or "none"
	ClockSource string   `json:"clock_source,omitempty"` // the kernel's, such as "tsc"
	Environment Releases `json:"environment,omitzero"`
	Drives      []Drive  `json:"drives"` // NVMe, by name; empty and null as for GPUs
	Models      Storage  `json:"models,omitzero"`

	// Unknown has the reason why a fact is unknown, by the fact's path in this JSON:
	// "dram.type", "gpus[0].link". A path covers every empty fact below it: "gpus"
	// covers the empty facts of each GPU. A reason that begins with NeedsRoot does not
	// occur if root probes. Why looks one up.
	Unknown map[string]string `json:"unknown,omitempty"`
}

// NeedsRoot begins the reason of a fact that only root can read.
const NeedsRoot = "needs root: "

// Why is the reason why a fact is unknown, by its path as in Unknown; empty for a known
// fact.
func (p *Probe) Why(fact string) string {
	for {
		if reason, ok := p.Unknown[fact]; ok {
			return reason
		}
		i := strings.LastIndexAny(fact, ".[")
		if i < 0 {
			return ""
		}
		fact = fact[:i]
	}
}

// Reasons lists why facts are unknown, one line per fact, sorted.
func (p *Probe) Reasons() (lines []string) {
	for _, fact := range slices.Sorted(maps.Keys(p.Unknown)) {
		lines = append(lines, fact+": "+p.Unknown[fact])
	}
	return lines
}

type ProbedCPU struct {
	CPU
	Threads  int    `json:"threads,omitempty"`  // logical processors in use, of all sockets
	Governor string `json:"governor,omitempty"` // of the clock, such as "performance"; several are comma-separated
}

// GPU is one NVIDIA GPU.
type GPU struct {
	Index     int     `json:"index"`                     // as nvidia-smi counts
	Name      string  `json:"name,omitempty"`            // such as "NVIDIA H100 80GB HBM3"
	UUID      string  `json:"-"`                         // such as "GPU-32d4cf3b-…"; results do not keep it
	MemoryGiB float64 `json:"memory_gib,omitempty"`      // total, 2^30 bytes
	UsedGiB   float64 `json:"used_gib,omitempty"`        // of the memory, while probed
	Link      Link    `json:"link,omitzero"`             // its PCIe link; an idle GPU slows it down
	MIG       string  `json:"mig,omitempty"`             // "enabled", "disabled" or "not supported"
	Processes int     `json:"compute_processes"`         // that used it while probed, as far as visible
	Persists  string  `json:"persistence,omitempty"`     // "enabled", or "disabled": each start loads the driver
	PowerW    float64 `json:"power_limit_w,omitempty"`   // limit in force, watts
	DefaultW  float64 `json:"power_default_w,omitempty"` // limit as delivered, watts
	// SlowedBy are the driver's names of what limits the clock, such as
	// "hw_thermal_slowdown"; never "gpu_idle".
	SlowedBy []string `json:"slowed_by,omitempty"`
}

// Indices are those of GPUs, as nvidia-smi counts.
func Indices(gpus []GPU) (all []int) {
	for _, g := range gpus {
		all = append(all, g.Index)
	}
	return all
}

// Driver is the GPUs' driver.
type Driver struct {
	Version string `json:"version,omitempty"` // such as "580.82.07"
	CUDA    string `json:"cuda,omitempty"`    // newest CUDA that it runs, such as "13.0"
}

// Link is a PCIe link. Generations count from 1, widths are lanes.
type Link struct {
	Generation    int `json:"generation,omitempty"`
	Width         int `json:"width,omitempty"`
	MaxGeneration int `json:"max_generation,omitempty"` // of the device and, if known, its slot
	MaxWidth      int `json:"max_width,omitempty"`
}

// text is the link as "PCIe 4.0 ×8 of PCIe 5.0 ×16", the second only if it is more.
func (l Link) text() string {
	text := linkText(l.Generation, l.Width)
	if most := linkText(max(l.Generation, l.MaxGeneration), max(l.Width, l.MaxWidth)); text != "" && most != text {
		text += " of " + most
	}
	return text
}

func linkText(generation, width int) string {
	switch {
	case generation == 0:
		return ""
	case width == 0:
		return fmt.Sprintf("PCIe %d.0", generation)
	}
	return fmt.Sprintf("PCIe %d.0 ×%d", generation, width)
}

// Drive is one NVMe drive.
type Drive struct {
	Name   string  `json:"name"` // the kernel's name, such as "nvme0"
	Model  string  `json:"model,omitempty"`
	SizeGB float64 `json:"size_gb,omitempty"` // 10^9 bytes, as drives are sold
	Link   Link    `json:"link,omitzero"`
}

// Storage is the storage under the models directory.
type Storage struct {
	FileSystem string   `json:"file_system,omitempty"` // type, such as "xfs"
	Layers     []string `json:"layers,omitempty"`      // below it, from the top: "LVM", "RAID-0", "encryption"
	Drives     []string `json:"drives,omitempty"`      // at the bottom, by the kernel's names, such as "nvme0n1"
}

// String is the storage, its type first: "xfs/LVM/RAID-0 on 4 drives". No drives means
// that nothing is known below the file system.
func (s Storage) String() string {
	text := strings.Join(append([]string{s.FileSystem}, s.Layers...), "/")
	if len(s.Drives) == 0 {
		return text
	}
	return text + " on " + table.Count(len(s.Drives), "drive")
}
