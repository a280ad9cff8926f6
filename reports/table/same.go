package table

import (
	"math"
	"regexp"
	"strings"

	"coldstart/reports/result"
)

// A declaration is written by hand and a probe is the system's own words. These
// comparisons let pass what differs only in the wording, and let nothing pass
// that could move a start-up time: another model, another release.

func sameCPU(declared, probed *result.Hardware) bool {
	d, p := declared.CPU, probed.CPU
	return alike(d.Model, p.Model) && sameCount(d.Sockets, p.Sockets) && sameCount(d.Cores, p.Cores)
}

// sameCount takes an unknown count for any.
func sameCount(declared, probed int) bool {
	return declared == 0 || probed == 0 || declared == probed
}

func sameGPU(declared, probed *result.Hardware) bool {
	return alike(declared.GPU, probed.GPU)
}

// sizeTolerance is how far two sizes of memory may be apart: firmware and kernel
// keep some of it, and people round.
const sizeTolerance = 0.03

func sameDRAM(declared, probed *result.Hardware) bool {
	d, p := declared.DRAM, probed.DRAM
	sizes := d.Size <= 0 || p.Size <= 0 || math.Abs(d.Size-p.Size) <= sizeTolerance*d.Size
	return sizes && agree(d.Type, p.Type)
}

func sameCUDA(declared, probed *result.Hardware) bool {
	d, p := declared.CUDA, probed.CUDA
	return agree(d.Version, p.Version) && agree(d.Driver, p.Driver)
}

func sameSSD(declared, probed *result.Hardware) bool {
	d, p := declared.SSD, probed.SSD
	return sameCount(d.Count, p.Count) && agree(d.Interface, p.Interface)
}

// sameFS compares the types of two file systems, the first word of each: what
// lies below one is told by people, but not by a probe.
func sameFS(declared, probed *result.Hardware) bool {
	d, p := words(declared.FS), words(probed.FS)
	return len(d) == 0 || len(p) == 0 || d[0] == p[0]
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
