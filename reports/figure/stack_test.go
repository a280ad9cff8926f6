package figure

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The rest is no step, and belongs neither to the CPU nor to a GPU.
func TestStackSums(t *testing.T) {
	cpu, gpu := Point{Mean: 3, Resource: "CPU"}, Point{Mean: 2, Resource: "GPU"}
	neither, rest, overlap := Point{Mean: 1}, Point{Mean: 4, Rest: true}, Point{Mean: -0.5, Rest: true}
	tests := map[string]struct {
		kind   Kind
		points []Point
		want   StackSums
		ok     bool
	}{
		"steps and the rest":       {Stack, []Point{cpu, gpu, cpu, neither, rest}, StackSums{Steps: 9, CPU: 6, GPU: 2, Rest: 4, StartUp: 13}, true},
		"the whole is not told":    {Stack, []Point{cpu, gpu}, StackSums{Steps: 5, CPU: 3, GPU: 2}, true},
		"steps overlap":            {Stack, []Point{cpu, gpu, overlap}, StackSums{Steps: 5, CPU: 3, GPU: 2, Rest: -0.5, StartUp: 4.5}, true},
		"nothing but the rest":     {Stack, []Point{rest}, StackSums{Rest: 4, StartUp: 4}, true},
		"no segments":              {Stack, nil, StackSums{}, false},
		"a figure of another kind": {Ratio, []Point{cpu}, StackSums{}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := &Data{Kind: test.kind, Series: []Series{{Points: test.points}}}
			got, ok := d.Stack()
			if diff := cmp.Diff(test.want, got); diff != "" || ok != test.ok {
				t.Errorf("ok %t, (-want +got):\n%s", ok, diff)
			}
		})
	}
}
