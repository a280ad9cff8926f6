package phase

import (
	"strings"
	"testing"
)

func TestAbsent(t *testing.T) {
	for _, test := range []struct {
		phase             Phase
		release, argument string
		absent            bool
	}{
		{KVCacheProfiling, "0.10.1.1", "", false},
		{KVCacheProfiling, "0.18.0", "", true},
		{KVCacheProfiling, "0.20.2", "", true},
		{KVCacheProfiling, "0.20.2", "enforce-eager", false},
		{KVCacheProfiling, "0.11.1rc3.dev40", "", false}, // unknown
		{TotalTime, "0.19.1", "", true},
		{TotalTime, "0.19.1", "max-num-batched-tokens", false},
		{TotalTime, "0.20.2", "", false},
		{LoadWeights, "0.20.2", "", false},
		{None, "0.20.2", "", false},
	} {
		why := Absent(test.phase, test.release, func(name string) bool { return name == test.argument })
		if (why != "") != test.absent {
			t.Errorf("%v in %s with %q: %q, absent: %t", test.phase, test.release, test.argument, why, test.absent)
		}
	}
}

// No log here tells a phase that its release does not, but one whose engine was eager.
func TestAbsentInLogs(t *testing.T) {
	for _, path := range excerpts(t) {
		log, err := ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for p := range All() {
			if why := Absent(p, log.Release, func(string) bool { return strings.Contains(path, "eager") }); log.Times.Has(p) && why != "" {
				t.Errorf("%s (%s) has %v, but: %s", path, log.Release, p, why)
			}
		}
	}
}
