package hardware

import (
	"regexp"
	"strings"
)

// agree is alike, except that an empty text agrees with any.
func agree(a, b string) bool {
	return a == "" || b == "" || alike(a, b)
}

// alike reports whether two texts mean the same, word by word. It ignores case, spacing,
// text in brackets and the words that systems add. A text without other words is alike
// to any.
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

// sameWord also matches a release with a more precise one: 12 and 12.6, 2.7.1 and
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
	// added matches words that systems add to a name: vendor, kind and clock of a
	// processor, a GPU's memory and form, a drive's protocol. NVL is not one: an H100 NVL
	// is another GPU than an H100.
	added = regexp.MustCompile(
		`^(nvidia|gnu|linux|lts|cpu|processor|\d+-core|@|[\d.]+ghz|\d+gb|hbm\d*e?|pcie|nvme|sxm\d*)$`)
	release = regexp.MustCompile(`^v(\d)`)
)

// words are the words of a text that are compared, in lower case.
func words(text string) []string {
	var kept []string
	text = brackets.ReplaceAllString(strings.ToLower(text), "")
	for _, word := range between.Split(text, -1) {
		if word != "" && !added.MatchString(word) {
			kept = append(kept, release.ReplaceAllString(word, "$1"))
		}
	}
	return kept
}
