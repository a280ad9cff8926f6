package table_test

import (
	"testing"

	"coldstart/reports/table"
)

// A number is never parted from its unit, its error, or the name that it is equal to.
func TestWrapKeepsNumbersWhole(t *testing.T) {
	for text, want := range map[string]string{
		"to 0.30 s (Yi-9B), r = 0.99": "to 0.30 s\n(Yi-9B),\nr = 0.99",
		"slower by 12 %, it seems":    "slower by\n12 %, it\nseems",
		"it took 3.25 ± 0.02 s":       "it took\n3.25 ± 0.02 s",
	} {
		if got := table.Wrap(text, 13); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
