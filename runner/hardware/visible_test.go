package hardware_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/hardware"
	prober "coldstart/runner/hardware"
)

func TestVisible(t *testing.T) {
	alike := []hardware.GPU{
		{Index: 0, Name: "H200", UUID: "GPU-32d4cf3b-61c0"},
		{Index: 1, Name: "H200", UUID: "GPU-8a9b935a-288e"},
		{Index: 2, Name: "H200", UUID: "GPU-298e5702-41b2"},
	}
	unlike := []hardware.GPU{{Index: 0, Name: "T4", UUID: "GPU-0000"}, {Index: 1, Name: "H200", UUID: "GPU-1111"}}
	const order = "CUDA_DEVICE_ORDER=PCI_BUS_ID"
	tests := []struct {
		name      string
		variables []string
		has       []hardware.GPU
		want      []int // indices
	}{
		{"no variable", []string{"HOME=/root"}, alike, []int{0, 1, 2}},
		{"one", []string{"CUDA_VISIBLE_DEVICES=1"}, alike, []int{1}},
		{"the last one wins", []string{"CUDA_VISIBLE_DEVICES=0", "CUDA_VISIBLE_DEVICES=2"}, alike, []int{2}},
		{"in its order", []string{"CUDA_VISIBLE_DEVICES=2, 0"}, alike, []int{2, 0}},
		{"none", []string{"CUDA_VISIBLE_DEVICES="}, alike, nil},
		{"none, as -1", []string{"CUDA_VISIBLE_DEVICES=-1"}, alike, nil},
		{"up to the first that is not there", []string{"CUDA_VISIBLE_DEVICES=1,7,0"}, alike, []int{1}},
		{"by UUID", []string{"CUDA_VISIBLE_DEVICES=GPU-298e5702-41b2"}, alike, []int{2}},
		{"by the beginning of a UUID", []string{"CUDA_VISIBLE_DEVICES=GPU-8a,GPU-32"}, alike, []int{1, 0}},
		{"a UUID that is not there", []string{"CUDA_VISIBLE_DEVICES=GPU-ffff"}, alike, nil},
		{"one twice", []string{"CUDA_VISIBLE_DEVICES=1,0,1"}, alike, nil},
		{"one twice, by UUID", []string{"CUDA_VISIBLE_DEVICES=GPU-8a,GPU-8a9b"}, alike, nil},
		{"a UUID that fits all", []string{"CUDA_VISIBLE_DEVICES=2,GPU-"}, alike, []int{2}},
		{"by number and UUID", []string{"CUDA_VISIBLE_DEVICES=1,GPU-32"}, alike, []int{1, 0}},
		{"a part of a GPU, by the GPU's name", []string{"CUDA_VISIBLE_DEVICES=MIG-GPU-8a9b935a-288e/1/0"}, alike, []int{1}},
		{"no name", []string{"CUDA_VISIBLE_DEVICES=NoDevFiles"}, alike, nil},
		{"a part of a GPU", []string{"CUDA_VISIBLE_DEVICES=MIG-c6d4f1ef"}, alike, []int{0, 1, 2}},
		{"unlike GPUs, the fastest first", []string{"CUDA_VISIBLE_DEVICES=0"}, unlike, []int{0, 1}},
		{"unlike GPUs, by the bus", []string{order, "CUDA_VISIBLE_DEVICES=0"}, unlike, []int{0}},
		{"unlike GPUs, by UUID", []string{"CUDA_VISIBLE_DEVICES=GPU-1111"}, unlike, []int{1}},
		{"a machine without a GPU", []string{"CUDA_VISIBLE_DEVICES=0"}, nil, nil},
	}
	for _, test := range tests {
		var got []int
		for _, g := range prober.Visible(test.variables, test.has) {
			got = append(got, g.Index)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
