package result_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/result"
)

// However many warnings an input has, the first are shown, and how many are not.
func TestWarn(t *testing.T) {
	numbered := func(from, to int) (all []string) {
		for i := range to - from {
			all = append(all, fmt.Sprint("odd ", from+i))
		}
		return all
	}
	tests := map[string]struct {
		warnings []string
		want     []string
	}{
		"none":         {nil, nil},
		"the same":     {[]string{"a", "b", "a"}, []string{"a", "b"}},
		"as many":      {numbered(0, 100), numbered(0, 100)},
		"too many":     {append(numbered(0, 5000), numbered(0, 200)...), append(numbered(0, 100), "cell: warnings left out: 4900")},
		"a long one":   {[]string{strings.Repeat("ä", 5000)}, []string{strings.Repeat("ä", 500) + "…"}},
		"cut in two":   {[]string{"x" + strings.Repeat("ä", 5000)}, []string{"x" + strings.Repeat("ä", 499) + "…"}},
		"known before": {[]string{"before"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := &result.Results{}
			r.Warn("other", []string{"before"})
			r.Warn("cell", test.warnings)
			if got := r.Warnings[1:]; !slices.Equal(got, test.want) {
				t.Errorf("%d warnings, the last %q", len(got), got[max(0, len(got)-1):])
			}
		})
	}
}

// Files that cannot be read are an input too: their directory.
func TestManyUnreadableFiles(t *testing.T) {
	root := t.TempDir()
	if _, err := result.Create(root, smallPlan("s1")); err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		if err := os.WriteFile(filepath.Join(root, fmt.Sprint(i, ".zip")), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if n, last := len(results.Warnings), results.Warnings[len(results.Warnings)-1]; n != 101 || last != root+": warnings left out: 200" {
		t.Errorf("%d warnings, the last %q", n, last)
	}
}
