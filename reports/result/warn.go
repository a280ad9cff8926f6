package result

import (
	"fmt"
	"strings"
)

// Bounds of what an input, which may come from anywhere, adds to the warnings.
const (
	mostWarnings   = 100  // of one input
	longestWarning = 1000 // bytes
)

// Warn adds the warnings about an input that are not there yet: similar runs often have
// the same. Of very many it adds the first, and says how many are left out.
func (r *Results) Warn(input string, warnings []string) {
	if r.warned == nil {
		r.warned = map[string]bool{}
	}
	added, left := 0, map[string]bool{}
	for _, w := range warnings {
		w = clip(w)
		switch {
		case r.warned[w]:
		case added < mostWarnings:
			r.warned[w] = true
			r.Warnings = append(r.Warnings, w)
			added++
		default:
			left[w] = true
		}
	}
	if len(left) > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s: warnings left out: %d", input, len(left)))
	}
}

func clip(warning string) string {
	if len(warning) <= longestWarning {
		return warning
	}
	return strings.ToValidUTF8(warning[:longestWarning], "") + "…"
}
