package phase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// release is an engine's release as numbers, such as 0.10.1.1. ".post2" is ignored.
type release [4]int

// parseRelease reads a release of at least two numbers; those after the fourth are
// ignored. It is false for a release candidate and a build of another source, such as
// "0.11.1rc3.dev40", "0.1.dev15312" and "0.10.1.1+nv": a checkout without tags calls
// itself 0.1, whatever its age.
func parseRelease(text string) (r release, ok bool) {
	numbers, post, posted := strings.Cut(text, ".post")
	if posted && !isNumber(post) {
		return release{}, false
	}
	n := 0
	for number := range strings.SplitSeq(numbers, ".") {
		if !isNumber(number) || len(number) > mostDigits {
			return release{}, false
		}
		if n < len(r) {
			r[n], _ = strconv.Atoi(number)
		}
		n++
	}
	if n < 2 {
		return release{}, false
	}
	return r, true // a missing number is zero
}

// mostDigits bounds the digits of a release's number.
const mostDigits = 6

func isNumber(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}

// mustRelease reads a release of the table; "" is the zero release. It panics on a
// mistake, since the table is part of the program.
func mustRelease(text string) release {
	r, ok := parseRelease(text)
	if text != "" && !ok {
		panic(fmt.Sprintf("phase: %q is not a release", text))
	}
	return r
}

// CompareReleases orders the names of releases by their numbers, and other names behind
// them by their letters.
func CompareReleases(a, b string) int {
	r, isA := parseRelease(a)
	s, isB := parseRelease(b)
	switch {
	case isA && isB:
		return slices.Compare(r[:], s[:])
	case isA:
		return -1
	case isB:
		return 1
	}
	return strings.Compare(a, b)
}

// less tells whether r came before s.
func (r release) less(s release) bool { return slices.Compare(r[:], s[:]) < 0 }

// minor is the release without its patches.
func (r release) minor() release { return release{r[0], r[1]} }
