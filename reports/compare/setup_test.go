package compare

import (
	"slices"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/result"
)

// A setting differs between the sides only if all runs of each side share it.
func TestSetups(t *testing.T) {
	for _, test := range []struct {
		name string
		a, b []phase.Config // of the runs, in turn
		want []string
	}{
		{"the same", []phase.Config{"tp=1, seed=0"}, []phase.Config{"tp=1, seed=0"}, nil},
		{"one setting", []phase.Config{"tp=1, seed=0"}, []phase.Config{"tp=2, seed=0"}, []string{"tp: 1 → 2"}},
		{"a setting of one side", []phase.Config{"tp=1"}, []phase.Config{"tp=1, seed=0"}, []string{"seed: unknown → 0"}},
		{"a side with itself", []phase.Config{"tp=1", "tp=2", "tp=4"}, []phase.Config{"tp=1", "tp=2", "tp=4"}, nil},
		{"varies in A", []phase.Config{"tp=1, seed=0", "tp=2, seed=0"}, []phase.Config{"tp=2, seed=1"}, []string{"seed: 0 → 1"}},
		{"varies in B", []phase.Config{"tp=1, seed=0"}, []phase.Config{"tp=1, seed=1", "tp=2, seed=1"}, []string{"seed: 0 → 1"}},
		{"some of A lack it", []phase.Config{"tp=1, seed=0", "tp=1"}, []phase.Config{"tp=1, seed=1"}, nil},
		{"long lists", []phase.Config{"sizes=[1, 2, 4, 8, 16, 24, 32, 40, 48], ops=['a']"},
			[]phase.Config{"sizes=[4,2,1], ops=['a','b','c','d','e','f','g','h','i']"},
			[]string{"ops: ['a'] → 9 entries", "sizes: 9 numbers from 1 to 48 → [4,2,1]"}},
		{"long lists that look alike in brief", []phase.Config{"sizes=[1,2,3,4,5,6,7,8,10]"},
			[]phase.Config{"sizes=[1,2,3,4,5,6,7,9,10]"},
			[]string{"sizes: [1,2,3,4,5,6,7,8,10] → [1,2,3,4,5,6,7,9,10]"}},
		{"unknown in A", nil, []phase.Config{"tp=1"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := turnsOf([]float64{30, 30.1, 30.2}, []float64{36, 36.2, 36.1})
			for side, configs := range map[*result.Results][]phase.Config{a: test.a, b: test.b} {
				cell := side.Cells["cell"]
				for i := range cell.Runs {
					if len(configs) > 0 {
						cell.Runs[i].Setup = cell.KeepSetup(&phase.Setup{Config: configs[i%len(configs)]})
					}
				}
			}
			c, _ := wholeOf(t, a, b)
			var facts []string
			for _, f := range c.Differs {
				facts = append(facts, f.String())
			}
			if !slices.Equal(facts, test.want) {
				t.Errorf("A and B differ in %q, want %q", facts, test.want)
			}
		})
	}
}

// Of many differences the heading names first those that both sides state.
func TestHeadingOfManyFacts(t *testing.T) {
	c := &Comparison{Differs: []Fact{{What: "old", A: "1"}}}
	for _, name := range strings.Split("abcdefghijk", "") {
		c.Differs = append(c.Differs, Fact{What: name, B: "1"})
	}
	c.Differs = append(c.Differs, Fact{What: "max_seq_len", A: "131072", B: "4096"})
	got := strings.Join(c.Heading()[2:], "\n")
	want := "A and B differ in:\n  max_seq_len: 131072 → 4096\n  old: 1 → unknown\n  a: unknown → 1\n"
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "  j: unknown → 1\n  and 1 more") {
		t.Errorf("%s\nwant first\n%s", got, want)
	}
}
