package hardware

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A declaration is written by hand and a probe has the system's own words. These
// comparisons ignore differences in the wording, and none that could change a
// start-up time: another model, another release.

func sameCPU(declared, probed *description) bool {
	d, p := countedCPU(declared.CPU), countedCPU(probed.CPU)
	return alike(d.Model, p.Model) && sameCount(d.Sockets, p.Sockets) && sameCount(d.Cores, p.Cores)
}

var (
	times = regexp.MustCompile(`^\s*(\d+)\s*[×xX*]\s*`)
	cores = regexp.MustCompile(`(?i)\b(?:(\d+)\s*[×x*]\s*)?(\d+)\s*-?\s*(?:c|cores?)\b`)
)

// countedCPU moves the counts that people write into a model, "2× Intel Xeon Gold
// 5520+ (2×28C)", to their fields, unless those are set.
func countedCPU(cpu CPU) CPU {
	sockets, model := cutCount(cpu.Model)
	if found := cores.FindStringSubmatch(model); found != nil {
		model = strings.Replace(model, found[0], "", 1)
		sockets = cmp.Or(sockets, count(found[1]))
		cpu.Cores = cmp.Or(cpu.Cores, count(found[2]))
	}
	cpu.Model, cpu.Sockets = model, cmp.Or(cpu.Sockets, sockets)
	return cpu
}

// cutCount cuts "2×" off the beginning of a text. The count is 0 if there is none.
func cutCount(text string) (n int, rest string) {
	if found := times.FindStringSubmatch(text); found != nil {
		return count(found[1]), text[len(found[0]):]
	}
	return 0, text
}

func count(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// sameCount matches an unknown count with any.
func sameCount(declared, probed int) bool {
	return declared == 0 || probed == 0 || declared == probed
}

// sameGPUs compares kind by kind, in any order. A count that is not declared
// matches any.
func sameGPUs(declared, probed *description) bool {
	return len(declared.gpus) == len(probed.gpus) && !slices.ContainsFunc(declared.gpus, func(d gpuKind) bool {
		return !slices.ContainsFunc(probed.gpus, func(p gpuKind) bool {
			return alike(d.model, p.model) && (d.count == 0 || d.count == max(p.count, 1))
		})
	})
}

var and = regexp.MustCompile(`\s*(?:[+,;&]|\band\b)\s*`)

// declaredGPUs reads the kinds of GPU that people list: "2× H100 + L40S".
func declaredGPUs(text string) (kinds []gpuKind) {
	for _, kind := range and.Split(strings.TrimSpace(text), -1) {
		count, model := cutCount(kind)
		kinds = append(kinds, gpuKind{count, model})
	}
	return kinds
}

// How far two sizes of memory may be apart: firmware and kernel keep some memory for
// themselves, and people round to whole GB or more.
const (
	sizeTolerance = 0.03 // of the size
	sizeRounding  = 1.0  // GB
)

func sameDRAM(declared, probed *description) bool {
	d, p := sizedDRAM(declared.DRAM), sizedDRAM(probed.DRAM)
	sizes := d.Size <= 0 || p.Size <= 0 || math.Abs(d.Size-p.Size) <= max(sizeTolerance*d.Size, sizeRounding)
	return sizes && agree(d.Type, p.Type)
}

var size = regexp.MustCompile(`(?i)\b(\d+(?:\.\d+)?)\s*([GT])i?B?\b`)

// sizedDRAM moves the size that people write into a type, "DDR5 251GB", to its field.
func sizedDRAM(dram DRAM) DRAM {
	found := size.FindStringSubmatch(dram.Type)
	if found == nil {
		return dram
	}
	dram.Type = strings.Replace(dram.Type, found[0], "", 1)
	if n, err := strconv.ParseFloat(found[1], 64); err == nil && dram.Size <= 0 {
		dram.Size = n * map[string]float64{"G": 1, "T": 1000}[strings.ToUpper(found[2])]
	}
	return dram
}

// sameCUDA matches the declared version with that of the environment or with the
// newest one that the driver runs, which people copy from nvidia-smi.
func sameCUDA(declared, probed *description) bool {
	d, p := declared.CUDA, probed.CUDA
	version := agree(d.Version, p.Version) || probed.newestCUDA != "" && alike(d.Version, probed.newestCUDA)
	return version && agree(d.Driver, p.Driver)
}

func sameSSD(declared, probed *description) bool {
	d, p := declared.SSD, probed.SSD
	return sameCount(d.Count, p.Count) && agree(d.Interface, p.Interface)
}

// sameFS compares the types of two file systems, and the declared layers below
// with the probed ones if the probe saw the drives.
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

// sameLayers reports whether the declared layers were found. LVM may stripe by
// itself, which only root can see, so a probed LVM fits any declared RAID.
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

// raidLevel is the level of the first RAID among layers, empty without one.
func raidLevel(layers []string) string {
	for _, layer := range layers {
		if found := raid.FindStringSubmatch(layer); found != nil {
			return found[1]
		}
	}
	return ""
}
