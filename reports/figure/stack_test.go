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
		points []Point
		want   StackSums
	}{
		"steps and the rest":    {[]Point{cpu, gpu, cpu, neither, rest}, StackSums{Steps: 9, CPU: 6, GPU: 2, Rest: 4, StartUp: 13}},
		"the whole is not told": {[]Point{cpu, gpu}, StackSums{Steps: 5, CPU: 3, GPU: 2}},
		"steps overlap":         {[]Point{cpu, gpu, overlap}, StackSums{Steps: 5, CPU: 3, GPU: 2, Rest: -0.5, StartUp: 4.5}},
		"nothing but the rest":  {[]Point{rest}, StackSums{Rest: 4, StartUp: 4}},
		"no segments":           {nil, StackSums{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := &Data{Kind: Stack, Series: []Series{{Points: test.points}}}
			got := d.Stack()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
