package hardware

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// People write declarations; a probe has the system's own words. These comparisons
// ignore differences in wording, but none that could change a start-up time, such as
// another model or release.

func sameCPU(declared, probed *description) bool {
	d, p := declared.CPU, probed.CPU
	return alike(d.Model, p.Model) && sameCount(d.Sockets, p.Sockets) && sameCount(d.Cores, p.Cores)
}

// sameCount treats an unknown count as equal to any.
func sameCount(declared, probed int) bool {
	return declared == 0 || probed == 0 || declared == probed
}

// sameGPUs compares the kinds in any order. An undeclared count is equal to any.
func sameGPUs(declared, probed *description) bool {
	return len(declared.gpus) == len(probed.gpus) && !slices.ContainsFunc(declared.gpus, func(d gpuKind) bool {
		return !slices.ContainsFunc(probed.gpus, func(p gpuKind) bool {
			return alike(d.model, p.model) && (d.count == 0 || d.count == max(p.count, 1))
		})
	})
}

var (
	and   = regexp.MustCompile(`\s*(?:[+,;&]|\band\b)\s*`)
	times = regexp.MustCompile(`^(\d+)\s*[×xX*]\s*`)
)

// declaredGPUs reads the kinds of GPU that people list: "2× H100 + L40S".
func declaredGPUs(text string) (kinds []gpuKind) {
	for _, model := range and.Split(strings.TrimSpace(text), -1) {
		count := 0
		if found := times.FindStringSubmatch(model); found != nil {
			count, _ = strconv.Atoi(found[1])
			model = model[len(found[0]):]
		}
		kinds = append(kinds, gpuKind{count, model})
	}
	return kinds
}

// Allowed difference between two sizes of memory: firmware and kernel reserve some, and
// people round to whole GB or more.
const (
	sizeTolerance = 0.03 // of the size
	sizeRounding  = 1.0  // GB
)

func sameDRAM(declared, probed *description) bool {
	d, p := declared.DRAM, probed.DRAM
	sizes := d.Size <= 0 || p.Size <= 0 || math.Abs(d.Size-p.Size) <= max(sizeTolerance*d.Size, sizeRounding)
	return sizes && agree(d.Type, p.Type)
}

// sameCUDA compares the declared version with the environment's, or with the newest that
// the driver runs, which people copy from nvidia-smi.
func sameCUDA(declared, probed *description) bool {
	d, p := declared.CUDA, probed.CUDA
	version := agree(d.Version, p.Version) || probed.newestCUDA != "" && alike(d.Version, probed.newestCUDA)
	return version && agree(d.Driver, p.Driver)
}

func sameSSD(declared, probed *description) bool {
	d, p := declared.SSD, probed.SSD
	return sameCount(d.Count, p.Count) && agree(d.Interface, p.Interface)
}

// sameFS compares the types of two file systems and, if the probe saw the drives, the
// layers below them.
func sameFS(declared, probed *description) bool {
	d, p := declared.storage, probed.storage
	if d.FileSystem == "" || p.FileSystem == "" {
		return true
	}
	return strings.EqualFold(d.FileSystem, p.FileSystem) && (len(p.Drives) == 0 || sameLayers(d.Layers, p.Layers))
}

var (
	lvm  = regexp.MustCompile(`(?i)\blvm\b`)
	raid = regexp.MustCompile(`(?i)\braid[-\s]?(\d+)`)
)

// declaredStorage reads what people write: "XFS/LVM with RAID-0 mirror".
func declaredStorage(text string) (s Storage) {
	if words := words(text); len(words) > 0 {
		s.FileSystem = words[0]
	}
	if lvm.MatchString(text) {
		s.Layers = append(s.Layers, "LVM")
	}
	s.Layers = append(s.Layers, raid.FindAllString(text, 1)...)
	return s
}

// sameLayers reports whether the declared layers were found. A probed LVM fits any
// declared RAID, because LVM may stripe by itself, which only root can see.
func sameLayers(declared, probed []string) bool {
	striped := slices.Contains(probed, "LVM")
	if slices.Contains(declared, "LVM") && !striped {
		return false
	}
	d, p := raidLevel(declared), raidLevel(probed)
	if d == "" || p == "" {
		return d == "" || striped
	}
	return d == p
}

// raidLevel is the level of the first RAID among layers; empty without one.
func raidLevel(layers []string) string {
	for _, layer := range layers {
		if found := raid.FindStringSubmatch(layer); found != nil {
			return found[1]
		}
	}
	return ""
}
