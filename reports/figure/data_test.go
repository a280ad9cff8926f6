package figure

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInARow(t *testing.T) {
	d := &Data{Missing: []string{
		"figure10-gpu1-n2 was not measured",
		"figure4-n1: interrupted, or not done yet",
		"figure4-n1: yi-6b has 1 of 2 iterations",
		"figure4-n1: yi-9b has 0 of 2 iterations (iteration 1 failed: no memory)",
		"figure4-n2: yi-6b has 1 of 2 iterations",
		"figure9-n1: llama2-7b-hf_cuda-graph-sizes_1 has 1 of 3 iterations",
		"figure9-n1: llama2-7b-hf_cuda-graph-sizes_56 has 1 of 3 iterations",
		"figure9-n1: llama2-7b-hf_cuda-graph-sizes_136 has 1 of 3 iterations",
		"figure9-n1: llama2-7b-hf_cuda-graph-sizes_216 has 0 of 3 iterations",
		"figure9-n2: yi-6b has 0 of 3 iterations",
		"figure9-n2: yi-9b has 0 of 3 iterations",
		"figure9-n3: yi-6b has 0 of 3 iterations",
		"figure17-n1: no run of yi-6b has actual_total_time",
		"figure17-n1: no run of yi-9b has actual_total_time",
		"figure17-n1: no run of qwen-7b has actual_total_time",
		"figure4-n1: 1 of 3 runs of yi-6b has no load_weights",
		"figure4-n1: 1 of 3 runs of yi-9b has no load_weights",
		"figure4-n1: 1 of 3 runs of qwen-7b has no load_weights",
	}}
	want := []string{
		"figure10-gpu1-n2 was not measured",
		"figure4-n1: interrupted, or not done yet",
		"yi-6b has 1 of 2 iterations",
		"yi-9b has 0 of 2 iterations (iteration 1 failed: no memory)",
		"figure4-n2: yi-6b has 1 of 2 iterations",
		"figure9-n1: 3 configurations have 1 of 3 iterations",
		"llama2-7b-hf_cuda-graph-sizes_216 has 0 of 3 iterations",
		"figure9-n2: yi-6b has 0 of 3 iterations",
		"yi-9b has 0 of 3 iterations",
		"figure9-n3: yi-6b has 0 of 3 iterations",
		"figure17-n1: no run of yi-6b has actual_total_time",
		"no run of yi-9b has actual_total_time",
		"no run of qwen-7b has actual_total_time",
		"figure4-n1: 1 of 3 runs of yi-6b has no load_weights",
		"1 of 3 runs of yi-9b has no load_weights",
		"1 of 3 runs of qwen-7b has no load_weights",
	}
	if diff := cmp.Diff(want, d.InARow()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
