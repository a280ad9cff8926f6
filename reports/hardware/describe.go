package hardware

import (
	"fmt"
	"strings"
)

// gpuKind is a machine's GPUs of one model. A count of 0 was not declared.
type gpuKind struct {
	count int
	model string
}

// NoGPU tells whether a declaration says that there is no GPU.
func NoGPU(declared string) bool { return strings.EqualFold(strings.TrimSpace(declared), noGPU) }

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
