package reports

import (
	"testing"

	"coldstart/reports/figure"
	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

// A figure that compares two machines is named after the part in which they differ, if it is known.
func TestTitle(t *testing.T) {
	node := func(name, gpu, cpu string) result.Node {
		return result.Node{Name: name, Declared: hardware.Hardware{GPU: gpu, CPU: hardware.CPU{Model: cpu}}}
	}
	r := &Report{Results: &result.Results{Plan: result.Plan{
		Nodes:   []result.Node{node("n1", "H100 NVL", "EPYC"), node("n2", "L40S", "EPYC"), node("n3", "", "Xeon")},
		Figures: []result.Figure{{Name: "figure10", Title: "GPU: n2 over n1"}, {Name: "figure11", Title: "CPU: n3 over n1"}},
	}}}
	sides := func(first, node1, second, node2 string) map[string]string {
		return map[string]string{first: node1, second: node2}
	}
	tests := map[string]struct {
		name, title string
		nodes       map[string]string // by side
		want        string
	}{
		"GPUs":             {"figure10", "GPU: n2 over n1", sides("gpu0", "n1", "gpu1", "n2"), "L40S relative to H100 NVL"},
		"CPUs":             {"figure11", "CPU: n3 over n1", sides("cpu0", "n1", "cpu1", "n3"), "Xeon relative to EPYC"},
		"a remark":         {"figure10", "GPU: n2 over n1 (!)", sides("gpu0", "n1", "gpu1", "n2"), "L40S relative to H100 NVL (!)"},
		"unknown GPU":      {"figure10", "GPU: n3 over n1", sides("gpu0", "n1", "gpu1", "n3"), "GPU: n3 over n1"},
		"two of one node":  {"figure10", "GPU: 1 over 0", sides("gpu0", "n1", "gpu1", "n1"), "GPU: 1 over 0"},
		"other sides":      {"figure13", "SSD over DRAM", sides("case0", "n1", "case1", "n2"), "SSD over DRAM"},
		"a node not there": {"figure10", "GPU: n9 over n1", sides("gpu0", "n1", "gpu1", "n9"), "GPU: n9 over n1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := figure.Data{Name: test.name, Title: test.title, Nodes: test.nodes}
			if got := r.Title(&d); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
