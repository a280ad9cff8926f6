// Package doctor finds what would spoil a measurement on a node before it costs
// an hour: a busy GPU, an incomplete model, a full disk, a reduced clock.
//
// It judges what the probe (runner/hardware) found, and a few further facts, by
// what the plan asks of the node. A new check is a new function and a new line in the
// table below.
package doctor

import (
	"context"
	"regexp"

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

// Finding is one result of a check.
type Finding struct {
	Check  string `json:"check"`
	Status Status `json:"status"`
	Says   string `json:"says"`
	Remedy string `json:"remedy,omitempty"` // a command to paste, or a line to add
}

// Node is a node to be examined.
type Node struct {
	Plan    *result.Plan // whose cells on this node are to be measured
	Node    result.Node
	Probe   *hardware.Probe
	Asked   Asked
	Models  string // directory of the models; empty if none is known
	Python  string // program of the environment that was probed; empty if none is known
	API     string // address of the server's API; empty if it is not to be asked
	Machine Machine
	// Environments are those that the node's figures are measured in, and Others further
	// ones that are made on this machine, by name.
	Environments []Environment
	Others       []string
	// Public warns of a public repository; nil if none was named.
	Public func(context.Context) (warning string, err error)
	// Checker checks the environments that the figures are measured in; nil if they are measured
	// by the lab's own engine.
	Checker *environment.Checker
}

// Asked is what was asked for, which remedies repeat.
type Asked struct {
	Figures     string   // "all", "rest", or comma-separated numbers
	Models      []string // none: all of the figures
	Environment string   // empty: the node's
	Matrix      string   // path; empty if none was named
	Register    string   // the command that registers the node's runner
}

// mostNamed is how many things of a list a finding names.
const mostNamed = 3

// check is one examination. It has any number of findings.
type check struct {
	name string
	look func(context.Context, *Node) []Finding
}

// checks are in the order in which a person would solve the problems.
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
	{"server", checkServer},
	{"libraries", checkLibraries},
	{"runner", checkRunner},
	{"repository", checkRepository},
}

// Examine runs all checks.
func Examine(ctx context.Context, n *Node) (findings []Finding) {
	for _, c := range checks {
		for _, f := range c.look(ctx, n) {
			f.Check, f.Remedy = c.name, n.Asked.inMatrix(f.Remedy)
			findings = append(findings, f)
		}
	}
	return findings
}

// inMatrix is a remedy that, if it is a command of coldstart, names the matrix.
func (a Asked) inMatrix(remedy string) string {
	if a.Matrix == "" || !ownCommand.MatchString(remedy) {
		return remedy
	}
	return remedy + " --matrix " + a.Matrix
}

var ownCommand = regexp.MustCompile(`^(sudo .*)?coldstart `)

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
