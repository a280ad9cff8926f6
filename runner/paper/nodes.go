package paper

import (
	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

// Nodes are the paper's nodes that runs were recorded on, with the hardware that tells
// them from other machines of the same name.
func Nodes() []result.Node {
	epyc := hardware.CPU{Model: "AMD EPYC 9354", Sockets: 1, Cores: 32}
	xeon := hardware.CPU{Model: "Intel Xeon Platinum 8568Y+", Sockets: 2, Cores: 48}
	return []result.Node{
		{Name: "n1", Declared: hardware.Hardware{CPU: epyc, GPU: "H100 NVL"}},
		{Name: "n2", Declared: hardware.Hardware{CPU: epyc, GPU: "L40S"}},
		{Name: "n3", Declared: hardware.Hardware{CPU: xeon, GPU: "H100"}},
	}
}
