// Package doctor finds what would spoil a measurement on a node before it costs
// an hour: a busy GPU, half a model, a full disk, a clock that is held down.
//
// It judges what the probe (runner/hardware) found, and a few things more, by
// what the plan asks of the node. Each check is one function with one line of the
// table below; a new one is a new function and a new line.
package doctor

import (
	"context"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// Status is how a check went.
type Status string

// A warning may blur a measurement, a failure prevents it.
const (
	Pass Status = "pass"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Finding is what one check found.
type Finding struct {
	Check  string `json:"check"`
	Status Status `json:"status"`
	Says   string `json:"says"`
	Remedy string `json:"remedy,omitempty"` // a command to paste, or a line to add
}

// Node is a node to be examined: what is asked of it and what it is.
type Node struct {
	Plan    *result.Plan // whose cells on this node are to be measured
	Node    result.Node
	Probe   *hardware.Probe
	Models  string // directory of the models; empty if none was named
	Python  string // program of the environment; empty if none was named
	API     string // address of the forge's API
	Machine Machine
	// Environment opens what a configuration is measured in; nil where that is not known.
	Environment func(*result.Configuration) (*environment.Installed, error)
}

// check is one examination. It may find several things, or nothing to say.
type check struct {
	name string
	look func(context.Context, *Node) []Finding
}

// checks are in the order in which a person would mend what they find.
var checks = []check{
	{"hardware", checkHardware},
	{"gpu", checkGPU},
	{"gpu idle", checkIdle},
	{"gpu state", checkGPUState},
	{"driver", checkDriver},
	{"environment", checkEnvironment},
	{"packages", checkPackages},
	{"models", checkModels},
	{"disk", checkDisk},
	{"page cache", checkPageCache},
	{"cpu clock", checkGovernor},
	{"shared memory", checkSharedMemory},
	{"open files", checkOpenFiles},
	{"system clock", checkClock},
	{"forge", checkForge},
	{"runner", checkRunner},
}

// Examine goes through all checks.
func Examine(ctx context.Context, n *Node) (findings []Finding) {
	for _, c := range checks {
		for _, f := range c.look(ctx, n) {
			f.Check = c.name
			findings = append(findings, f)
		}
	}
	return findings
}

// Worst is the worst status of findings.
func Worst(findings []Finding) Status {
	worst := Pass
	for _, f := range findings {
		switch {
		case f.Status == Fail:
			return Fail
		case f.Status == Warn:
			worst = Warn
		}
	}
	return worst
}

func pass(says string) []Finding { return []Finding{{Status: Pass, Says: says}} }
func warn(says, remedy string) []Finding {
	return []Finding{{Status: Warn, Says: says, Remedy: remedy}}
}
func fail(says, remedy string) []Finding {
	return []Finding{{Status: Fail, Says: says, Remedy: remedy}}
}
