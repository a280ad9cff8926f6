package result

import (
	"fmt"
	"strings"
)

// Probe is what a machine was found to be. An empty text or a zero means that
// the fact is not known; Unknown says why. Nothing in it names the machine, its
// owner, or a path on it.
type Probe struct {
	CPU         ProbedCPU   `json:"cpu,omitzero"`
	GPUs        []GPU       `json:"gpus"` // by index; none where the machine is known to have none, null where that is not known
	Driver      Driver      `json:"driver,omitzero"`
	DRAM        DRAM        `json:"dram,omitzero"`
	OS          string      `json:"os,omitempty"`           // such as "Debian 12"
	Kernel      string      `json:"kernel,omitempty"`       // release, as uname -r prints it
	Container   string      `json:"container,omitempty"`    // what the probe ran in: "docker", "podman" and so on, or "none"
	VM          string      `json:"vm,omitempty"`           // the hypervisor below: "KVM" and so on, or "none"
	ClockSource string      `json:"clock_source,omitempty"` // the kernel's, such as "tsc"
	Environment Environment `json:"environment,omitzero"`
	Drives      []Drive     `json:"drives"` // NVMe, by name; none and null as with GPUs
	Models      Storage     `json:"models,omitzero"`

	// Unknown says of each fact that could not be had why that is, by the fact's
	// path in this JSON: "dram.type", "gpus[0].link". A path stands for all below
	// it that is empty: "gpus" for what is missing of every GPU. A reason that
	// begins with NeedsRoot is gone when root probes. Why looks one up.
	Unknown map[string]string `json:"unknown,omitempty"`
}

// NeedsRoot begins the reason of a fact that root alone can read.
const NeedsRoot = "needs root: "

// Why is the reason why a fact is not known, by its path as Unknown has it;
// empty for one that is.
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

// ProbedCPU is the processors of a machine.
type ProbedCPU struct {
	CPU
	Threads  int    `json:"threads,omitempty"`  // logical processors in use, of all sockets
	Governor string `json:"governor,omitempty"` // of the clock, such as "performance"; several with commas between
}

// GPU is one NVIDIA GPU.
type GPU struct {
	Index     int     `json:"index"`                     // as nvidia-smi counts
	Name      string  `json:"name,omitempty"`            // such as "NVIDIA H100 80GB HBM3"
	MemoryGiB float64 `json:"memory_gib,omitempty"`      // all of it, 2^30 bytes
	UsedGiB   float64 `json:"used_gib,omitempty"`        // of the memory, while probed
	Link      Link    `json:"link,omitzero"`             // its PCIe link; an idle GPU slows it down
	MIG       string  `json:"mig,omitempty"`             // "enabled", "disabled" or "not supported"
	Processes int     `json:"compute_processes"`         // that used it while probed, as far as they can be seen from here
	Persists  string  `json:"persistence,omitempty"`     // "enabled", or "disabled": the driver is unloaded between uses, which slows a start
	PowerW    float64 `json:"power_limit_w,omitempty"`   // limit in force, watts
	DefaultW  float64 `json:"power_default_w,omitempty"` // limit as delivered, watts
	// SlowedBy are the reasons that hold its clock down, such as
	// "hw_thermal_slowdown", in the driver's words. "gpu_idle" is none.
	SlowedBy []string `json:"slowed_by,omitempty"`
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
	MaxGeneration int `json:"max_generation,omitempty"` // that the device, and its slot where that is known, can do
	MaxWidth      int `json:"max_width,omitempty"`
}

// String is the link as "PCIe 5.0 ×16", with what it could do where that is more.
func (l Link) String() string {
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

// Environment is the Python environment that is measured.
type Environment struct {
	Python  string `json:"python,omitempty"`  // release, such as "3.11.2"
	PyTorch string `json:"pytorch,omitempty"` // release with its build, such as "2.7.1+cu126"
	CUDA    string `json:"cuda,omitempty"`    // that PyTorch was built for, such as "12.6"
	VLLM    string `json:"vllm,omitempty"`    // release without a leading v
}

// Drive is one NVMe drive.
type Drive struct {
	Name   string  `json:"name"` // the kernel's, such as "nvme0"
	Model  string  `json:"model,omitempty"`
	SizeGB float64 `json:"size_gb,omitempty"` // 10^9 bytes, as drives are sold
	Link   Link    `json:"link,omitzero"`
}

// Storage is what lies under the models directory.
type Storage struct {
	FileSystem string   `json:"file_system,omitempty"` // type, such as "xfs"
	Layers     []string `json:"layers,omitempty"`      // below the file system, from the top: "LVM", "RAID-0", "encryption", "multipath"
	Drives     []string `json:"drives,omitempty"`      // at the bottom, the kernel's names, such as "nvme0n1"
}

// String is the storage in a line, its type first: "xfs/LVM/RAID-0 on 4 drives".
// Without drives, nothing is known of what lies below.
func (s Storage) String() string {
	text := strings.Join(append([]string{s.FileSystem}, s.Layers...), "/")
	switch len(s.Drives) {
	case 0:
		return text
	case 1:
		return text + " on 1 drive"
	}
	return fmt.Sprintf("%s on %d drives", text, len(s.Drives))
}

// Hardware is the probe as the hardware table shows it.
func (p *Probe) Hardware() Hardware {
	return Hardware{
		CPU: p.CPU.CPU, GPU: p.gpuNames(), DRAM: p.DRAM, OS: p.OS, Kernel: p.Kernel, Python: p.Environment.Python,
		CUDA:    CUDA{Version: p.Environment.CUDA, Driver: p.Driver.Version, Newest: p.Driver.CUDA},
		PyTorch: p.Environment.PyTorch, VLLM: p.Environment.VLLM, SSD: p.ssd(), FS: p.Models.String(),
	}
}

// gpuNames are the GPUs' names, with a count before one that there are several
// of: "2× NVIDIA L40S". It is "none" for a machine that is known to have none.
func (p *Probe) gpuNames() string {
	if p.GPUs != nil && len(p.GPUs) == 0 {
		return "none"
	}
	counts, names := map[string]int{}, []string{}
	for _, gpu := range p.GPUs {
		if gpu.Name == "" {
			return ""
		}
		if counts[gpu.Name]++; counts[gpu.Name] == 1 {
			names = append(names, gpu.Name)
		}
	}
	for i, name := range names {
		if counts[name] > 1 {
			names[i] = fmt.Sprintf("%d× %s", counts[name], name)
		}
	}
	return strings.Join(names, " + ")
}

// ssd is the NVMe drives under the models directory, or all of them where it is
// not known which those are. The interface is the slowest drive's.
func (p *Probe) ssd() SSD {
	var ssd SSD
	slowest := 0
	for _, drive := range p.Drives {
		if !p.holdsModels(drive) {
			continue
		}
		ssd.Count++
		if g := drive.Link.Generation; g > 0 && (slowest == 0 || g < slowest) {
			slowest = g
		}
	}
	ssd.Interface = linkText(slowest, 0)
	return ssd
}

// holdsModels tells whether one of the drive's namespaces, nvme0n1 of nvme0, lies
// under the models directory.
func (p *Probe) holdsModels(drive Drive) bool {
	for _, name := range p.Models.Drives {
		if name == drive.Name || strings.HasPrefix(name, drive.Name+"n") || strings.HasPrefix(name, drive.Name+"c") {
			return true
		}
	}
	return len(p.Models.Drives) == 0
}
