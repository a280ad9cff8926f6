package hardware

import (
	"fmt"
	"strings"
)

// A Description describes a machine: a declared Hardware or a found *Probe.
type Description interface{ described() *description }

// description is a machine as the table shows it, with the parts that are compared.
type description struct {
	Hardware
	gpus       []gpuKind // of the row GPU
	newestCUDA string    // that the driver runs, such as "13.0"; empty for a declaration
	storage    Storage   // of the row FS
}

func (h Hardware) described() *description {
	return &description{Hardware: h, gpus: declaredGPUs(h.GPU), storage: declaredStorage(h.FS)}
}

func (p *Probe) described() *description {
	gpus := p.gpuKinds()
	return &description{
		Hardware: Hardware{
			CPU: p.CPU.CPU, GPU: joined(gpus), DRAM: p.DRAM, OS: p.OS, Kernel: p.Kernel, Python: p.Environment.Python,
			CUDA:    CUDA{Version: p.Environment.CUDA, Driver: p.Driver.Version},
			PyTorch: p.Environment.PyTorch, VLLM: p.Environment.VLLM, SSD: p.ssd(), FS: p.Models.String(),
		},
		gpus: gpus, newestCUDA: p.Driver.CUDA, storage: p.Models,
	}
}

// Declared is what was found, as hardware-matrix.yaml declares it.
func (p *Probe) Declared() Hardware { return p.described().Hardware }

// gpuKind is a machine's GPUs of one model. A count of 0 was not declared.
type gpuKind struct {
	count int
	model string
}

// noGPU is the model of the only kind of a machine without GPUs.
const noGPU = "none"

// gpuKinds are the GPUs by model; noGPU for a machine without GPUs; empty if a model is
// unknown.
func (p *Probe) gpuKinds() (kinds []gpuKind) {
	if p.GPUs != nil && len(p.GPUs) == 0 {
		return []gpuKind{{model: noGPU}}
	}
	at := map[string]int{} // index in kinds
	for _, gpu := range p.GPUs {
		if gpu.Name == "" {
			return nil
		}
		i, ok := at[gpu.Name]
		if !ok {
			i = len(kinds)
			at[gpu.Name] = i
			kinds = append(kinds, gpuKind{model: gpu.Name})
		}
		kinds[i].count++
	}
	return kinds
}

// joined lists the kinds: "2× NVIDIA L40S + NVIDIA H100 NVL".
func joined(kinds []gpuKind) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.model
		if kind.count > 1 {
			names[i] = fmt.Sprintf("%d× %s", kind.count, kind.model)
		}
	}
	return strings.Join(names, " + ")
}

// ssd describes the NVMe drives under the models directory, or all drives if those are
// unknown. The interface is the slowest drive's.
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

// holdsModels reports whether one of the drive's namespaces, nvme0n1 of nvme0, lies
// under the models directory.
func (p *Probe) holdsModels(drive Drive) bool {
	for _, name := range p.Models.Drives {
		if name == drive.Name || strings.HasPrefix(name, drive.Name+"n") || strings.HasPrefix(name, drive.Name+"c") {
			return true
		}
	}
	return len(p.Models.Drives) == 0
}
