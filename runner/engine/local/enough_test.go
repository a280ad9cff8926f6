package local

import (
	"strings"
	"testing"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/engine"
	prober "coldstart/runner/hardware"
)

// A run that needs more GPUs than there are is refused before it is started.
func TestEnoughGPUs(t *testing.T) {
	arg := func(name, value string) result.Arg { return result.Arg{Name: name, Value: value} }
	two := []hardware.GPU{{Index: 0}, {Index: 1}}
	tests := []struct {
		name      string
		gpus      result.GPUs
		args      []result.Arg
		has       []hardware.GPU
		want      string
		variables []string
	}{
		{name: "one of two", has: two},
		{name: "both", gpus: "0,1", args: []result.Arg{arg("tensor-parallel-size", "2")}, has: two},
		{name: "the second", gpus: "1", has: two},
		{name: "a third", gpus: "2", has: two, want: "mine is to use GPU 2, which this machine lacks: it has 2"},
		{name: "four", args: []result.Arg{arg("tensor_parallel_size", "2"), arg("pipeline-parallel-size", "2")}, has: two,
			want: "mine needs 4 GPUs (tensor-parallel-size 2, pipeline-parallel-size 2), and this machine has 2"},
		{name: "two, of which one is visible", variables: []string{"CUDA_VISIBLE_DEVICES=1"},
			args: []result.Arg{arg("tensor-parallel-size", "2")}, has: two,
			want: "mine needs 2 GPUs (tensor-parallel-size 2), and CUDA_VISIBLE_DEVICES lets it use 1 of this machine's 2"},
		{name: "none visible: an engine for CPUs", variables: []string{"CUDA_VISIBLE_DEVICES="}, has: two},
		{name: "no GPU: an engine for CPUs", args: []result.Arg{arg("tensor-parallel-size", "2")}},
	}
	for _, test := range tests {
		run := engine.Run{GPU: test.gpus, Configuration: &result.Configuration{ID: "mine", Args: test.args}}
		err := enough(run, test.has, prober.Visible(test.variables, test.has))
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	command := Command{Env: []string{"CUDA_VISIBLE_DEVICES=1"}} // a container's engine does not inherit it
	if got := command.visible(two); len(got) != 2 {
		t.Errorf("a container may use %+v", got)
	}
	variables := OnlyGPUs("1,0")
	if variables["CUDA_VISIBLE_DEVICES"] != "1,0" || variables["CUDA_DEVICE_ORDER"] != "PCI_BUS_ID" {
		t.Errorf("a start sees %v", variables)
	}
	var env []string
	for name, value := range OnlyGPUs("1") {
		env = append(env, name+"="+value)
	}
	if got := prober.Visible(env, two); len(got) != 1 || got[0].Index != 1 {
		t.Errorf("a run on GPU 1 may use %+v", got)
	}
}
