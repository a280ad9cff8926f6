package result

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Of warnings that differ only in numbers, the first is shown, with the number of the others.
func TestWarningsOfRuns(t *testing.T) {
	const process, memory = "process 7896 also used GPU 0 during the run", "GPU 0 has 13.6 GiB in use after the start, 0.0 before it"
	tests := map[string]struct {
		runs [][]string // warnings of each run
		want []string
	}{
		"none":         {[][]string{nil, nil}, nil},
		"one":          {[][]string{nil, {process}}, []string{process}},
		"the same":     {[][]string{{process}, {process}}, []string{process}},
		"another":      {[][]string{{process}, {memory}}, []string{process, memory}},
		"alike":        {[][]string{{process}, {"process 9 also used GPU 3 during the run"}}, []string{process + " (and 1 more like it)"}},
		"three alike":  {[][]string{{memory, "GPU 3 has 7 GiB in use after the start, 0.1 before it"}, {memory}, {"GPU 1 has 8.1 GiB in use after the start, 0.0 before it"}}, []string{memory + " (and 2 more like it)"}},
		"other words":  {[][]string{{"GPU 0 is hot"}, {"GPU 0 is cold"}}, []string{"GPU 0 is hot", "GPU 0 is cold"}},
		"other models": {[][]string{{"qwen-0.5b did not come up in 4 starts"}, {"qwen-1.8b did not come up in 4 starts"}}, []string{"qwen-0.5b did not come up in 4 starts", "qwen-1.8b did not come up in 4 starts"}},
		"in one order": {[][]string{{memory}, {process, memory}}, []string{memory, process}},
	}
	for name, test := range tests {
		cell := &CellResult{}
		for _, warnings := range test.runs {
			cell.Runs = append(cell.Runs, Run{Warnings: warnings})
		}
		if diff := cmp.Diff(test.want, cell.warnings()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
