package phase

import (
	"fmt"
	"slices"
)

// release is an engine's release as numbers, such as 0.10.1.1. A suffix such as
// ".post2", "rc1" or "+cpu" is ignored.
type release [4]int

// parseRelease reads the numbers that text begins with. There must be at least two,
// and those after the fourth are ignored.
func parseRelease(text string) (r release, ok bool) {
	n, digits := 0, 0
	for _, c := range []byte(text) {
		switch {
		case c == '.' && digits > 0:
			n, digits = n+1, 0
		case isDigit(c) && digits < 6:
			if n < len(r) {
				r[n] = r[n]*10 + int(c-'0')
			}
			digits++
		default:
			return r, n > 1 || n == 1 && digits > 0
		}
	}
	return r, n > 1 || n == 1 && digits > 0
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
