package paper

import "coldstart/reports/hardware"

// Machines are what the paper's nodes were, by name, as far as it makes them
// other machines than any of the same name.
func Machines() map[string]hardware.Hardware {
	epyc := hardware.CPU{Model: "AMD EPYC 9354", Sockets: 1, Cores: 32}
	return map[string]hardware.Hardware{
		"n1": {CPU: epyc, GPU: "H100 NVL"},
		"n2": {CPU: epyc, GPU: "L40S"},
		"n3": {CPU: hardware.CPU{Model: "Intel Xeon Platinum 8568Y+", Sockets: 2, Cores: 48}, GPU: "H100"},
		"n4": {CPU: hardware.CPU{Model: "Intel Xeon Gold 5520+", Sockets: 2, Cores: 28}, GPU: "L40S"},
	}
}
