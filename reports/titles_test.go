package reports

import (
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

// A comparison of two machines is named by what it compares, if that is known.
func TestTitle(t *testing.T) {
	node := func(name, gpu, cpu string) result.Node {
		return result.Node{Name: name, Declared: hardware.Hardware{GPU: gpu, CPU: hardware.CPU{Model: cpu}}}
	}
	r := &Report{Results: &result.Results{Plan: result.Plan{
		Nodes:   []result.Node{node("n1", "H100 NVL", "EPYC"), node("n2", "L40S", "EPYC"), node("n3", "", "Xeon")},
		Figures: []result.Figure{{Name: "figure10", Title: "GPU: n2 over n1"}, {Name: "figure11", Title: "CPU: n3 over n1"}},
	}}}
	gpus := func(first, second string) map[string]string { return map[string]string{"gpu0": first, "gpu1": second} }
	tests := map[string]struct {
		d    figure.Data
		want string
	}{
		"GPUs":             {figure.Data{Name: "figure10", Title: "GPU: n2 over n1", Nodes: gpus("n1", "n2")}, "L40S relative to H100 NVL"},
		"CPUs":             {figure.Data{Name: "figure11", Title: "CPU: n3 over n1", Nodes: map[string]string{"cpu0": "n1", "cpu1": "n3"}}, "Xeon relative to EPYC"},
		"a stand-in":       {figure.Data{Name: "figure10", Title: "GPU: n2 over n1 (stand-in)", Nodes: gpus("n1", "n2")}, "L40S relative to H100 NVL (stand-in)"},
		"unknown GPU":      {figure.Data{Name: "figure10", Title: "GPU: n3 over n1", Nodes: gpus("n1", "n3")}, "GPU: n3 over n1"},
		"two of one node":  {figure.Data{Name: "figure10", Title: "GPU: 1 over 0", Nodes: gpus("n1", "n1")}, "GPU: 1 over 0"},
		"other sides":      {figure.Data{Name: "figure13", Title: "SSD over DRAM", Nodes: map[string]string{"case0": "n1", "case1": "n2"}}, "SSD over DRAM"},
		"a node not there": {figure.Data{Name: "figure10", Title: "GPU: n9 over n1", Nodes: gpus("n1", "n9")}, "GPU: n9 over n1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := r.Title(&test.d); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
