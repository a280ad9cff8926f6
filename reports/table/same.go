package table

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"coldstart/reports/result"
)

// A declaration is written by hand and a probe is the system's own words. These
// comparisons let pass what differs only in the wording, and let nothing pass
// that could move a start-up time: another model, another release.

func sameCPU(declared, probed *result.Hardware) bool {
	d, p := countedCPU(declared.CPU), countedCPU(probed.CPU)
	return alike(d.Model, p.Model) && sameCount(d.Sockets, p.Sockets) && sameCount(d.Cores, p.Cores)
}

var (
	times = regexp.MustCompile(`^\s*(\d+)\s*[×xX*]\s*`)
	cores = regexp.MustCompile(`(?i)\b(?:(\d+)\s*[×x*]\s*)?(\d+)\s*-?\s*(?:c|cores?)\b`)
)

// countedCPU takes the counts out of a model that people wrote them into,
// "2× Intel Xeon Gold 5520+ (2×28C)", where they stand nowhere else.
func countedCPU(cpu result.CPU) result.CPU {
	sockets, model := cutCount(cpu.Model)
	if found := cores.FindStringSubmatch(model); found != nil {
		model = strings.Replace(model, found[0], "", 1)
		sockets = cmp.Or(sockets, count(found[1]))
		cpu.Cores = cmp.Or(cpu.Cores, count(found[2]))
	}
	cpu.Model, cpu.Sockets = model, cmp.Or(cpu.Sockets, sockets)
	return cpu
}

// cutCount takes "2×" off the beginning of a text; the count is 0 if there is
// none.
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

// sameCount takes an unknown count for any.
func sameCount(declared, probed int) bool {
	return declared == 0 || probed == 0 || declared == probed
}

// sameGPU compares kind by kind, in any order: "2× H100 + L40S". A count that is
// not declared is any.
func sameGPU(declared, probed *result.Hardware) bool {
	d, p := kinds(declared.GPU), kinds(probed.GPU)
	return len(d) == len(p) && !slices.ContainsFunc(d, func(kind string) bool {
		n, model := cutCount(kind)
		return !slices.ContainsFunc(p, func(other string) bool {
			m, found := cutCount(other)
			return alike(model, found) && (n == 0 || n == max(m, 1))
		})
	})
}

var and = regexp.MustCompile(`\s*(?:[+,;&]|\band\b)\s*`)

// kinds are the kinds of GPU that a text lists.
func kinds(text string) []string { return and.Split(strings.TrimSpace(text), -1) }

// How far two sizes of memory may be apart: firmware and kernel keep some of it,
// and people round, to whole GB at least.
const (
	sizeTolerance = 0.03 // of the size
	sizeRounding  = 1.0  // GB
)

func sameDRAM(declared, probed *result.Hardware) bool {
	d, p := sizedDRAM(declared.DRAM), sizedDRAM(probed.DRAM)
	sizes := d.Size <= 0 || p.Size <= 0 || math.Abs(d.Size-p.Size) <= max(sizeTolerance*d.Size, sizeRounding)
	return sizes && agree(d.Type, p.Type)
}

var size = regexp.MustCompile(`(?i)\b(\d+(?:\.\d+)?)\s*([GT])i?B?\b`)

// sizedDRAM takes the size out of a type that people wrote it into, "DDR5 251GB".
func sizedDRAM(dram result.DRAM) result.DRAM {
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

// sameCUDA takes for the declared version either that of the environment or the
// newest one that the driver runs: nvidia-smi shows the latter, and people copy
// it from there.
func sameCUDA(declared, probed *result.Hardware) bool {
	d, p := declared.CUDA, probed.CUDA
	version := agree(d.Version, p.Version) || p.Newest != "" && alike(d.Version, p.Newest)
	return version && agree(d.Driver, p.Driver)
}

func sameSSD(declared, probed *result.Hardware) bool {
	d, p := declared.SSD, probed.SSD
	return sameCount(d.Count, p.Count) && agree(d.Interface, p.Interface)
}

// sameFS compares the types of two file systems, the first word of each, and
// what a declaration says of the layers below, where the probe saw those.
func sameFS(declared, probed *result.Hardware) bool {
	d, p := words(declared.FS), words(probed.FS)
	if len(d) == 0 || len(p) == 0 {
		return true
	}
	return d[0] == p[0] && (!looked.MatchString(probed.FS) || sameLayers(declared.FS, probed.FS))
}

var (
	looked = regexp.MustCompile(` on \d+ drives?$`) // as a probe writes that knows the drives
	lvm    = regexp.MustCompile(`(?i)\blvm\b`)
	raid   = regexp.MustCompile(`(?i)\braid[-\s]?(\d+)`)
)

// sameLayers tells whether the layers that are declared were found. LVM may
// stripe by itself, which root alone can see, and so excludes no RAID.
func sameLayers(declared, probed string) bool {
	if lvm.MatchString(declared) && !lvm.MatchString(probed) {
		return false
	}
	d, p := raid.FindStringSubmatch(declared), raid.FindStringSubmatch(probed)
	if d == nil || p == nil {
		return d == nil || lvm.MatchString(probed)
	}
	return d[1] == p[1]
}

// agree is alike, but takes an unknown text for any.
func agree(a, b string) bool {
	return a == "" || b == "" || alike(a, b)
}

// alike tells whether two texts mean the same: word by word, without regard to
// case, spacing, brackets and the words that only one side's habit adds. A text
// of nothing but such words says nothing, and so contradicts nothing.
func alike(a, b string) bool {
	v, w := words(a), words(b)
	if len(v) == 0 || len(w) == 0 {
		return true
	}
	if len(v) != len(w) {
		return false
	}
	for i := range v {
		if !sameWord(v[i], w[i]) {
			return false
		}
	}
	return true
}

// sameWord takes a release for a more precise one: 12 for 12.6, 2.7.1 for
// 2.7.1+cu126.
func sameWord(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, begins := strings.CutPrefix(b, a)
	return begins && (rest == "" || strings.ContainsRune(".+-_", rune(rest[0])))
}

var (
	brackets = regexp.MustCompile(`\([^)]*\)`)
	between  = regexp.MustCompile(`[\s,/]+`)
	// habit is what systems add to a name: vendors that need no naming, what a
	// processor is, its clock, a GPU's memory and form, how a drive talks. NVL stays: an H100 NVL
	// is another GPU than an H100.
	habit   = regexp.MustCompile(`^(nvidia|gnu|linux|lts|cpu|processor|\d+-core|@|[\d.]+ghz|\d+gb|hbm\d*e?|pcie|nvme|sxm\d*)$`)
	release = regexp.MustCompile(`^v(\d)`)
)

// words are the words of a text that mean something, in small letters.
func words(text string) []string {
	var kept []string
	text = brackets.ReplaceAllString(strings.ToLower(text), "")
	for _, word := range between.Split(text, -1) {
		if word != "" && !habit.MatchString(word) {
			kept = append(kept, release.ReplaceAllString(word, "$1"))
		}
	}
	return kept
}
