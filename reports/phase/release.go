package phase

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// release is an engine's release as numbers, such as 0.10.1.1. ".post2" is ignored.
type release [4]int

var releaseForm = regexp.MustCompile(
	`^(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?` + // the numbers that count
		`(?:\.\d{1,6})*(?:\.post\d+)?$`)

// parseRelease reads a release of at least two numbers; those after the fourth are
// ignored. It is false for a release candidate and a build of another source, such as
// "0.11.1rc3.dev40", "0.1.dev15312" and "0.10.1.1+nv": a checkout without tags calls
// itself 0.1, whatever its age.
func parseRelease(text string) (r release, ok bool) {
	numbers := releaseForm.FindStringSubmatch(text)
	if numbers == nil {
		return r, false
	}
	for i := range r {
		r[i], _ = strconv.Atoi(numbers[i+1]) // a missing number is zero
	}
	return r, true
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

// less tells whether r came before s.
func (r release) less(s release) bool { return slices.Compare(r[:], s[:]) < 0 }

// minor is the release without its patches.
func (r release) minor() release { return release{r[0], r[1]} }
