package lab

import (
	"bytes"
	"cmp"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/environment"
	"coldstart/runner/matrix"
	"coldstart/runner/paper"
)

// WithoutGPU is the environment of a machine without a GPU.
const WithoutGPU = "cpu-current"

// Draft is a lab of this machine alone, of which there is no file yet.
type Draft struct {
	Node        string
	Models      string // its directory of models; empty if none is known
	Environment string // that it measures in; empty for what suits the machine
	Probed      *hardware.Probe
}

// Text is the lab's file. What is wrong with the draft comes as an error.
func (d *Draft) Text() ([]byte, error) {
	if err := matrix.CheckNode(d.Node); err != nil {
		return nil, requestErrorf("node", "--node: %w", err)
	}
	own := d.MeasuresIn()
	if own == environment.Default {
		own = ""
	}
	node := result.Node{Name: d.Node, Declared: d.Probed.Declared()}
	text, err := matrix.Draft(node, d.Models, own, paper.Catalogue())
	if err != nil {
		return nil, RequestError{"draft", err}
	}
	return text, nil
}

// IsPapers tells whether a lab's file is the one that coldstart comes with.
func IsPapers(text []byte) bool { return bytes.Equal(text, papers) }

// MeasuresIn is the name of the environment that the node measures in.
func (d *Draft) MeasuresIn() string {
	suits := environment.Default
	if d.Probed.GPUs != nil && len(d.Probed.GPUs) == 0 {
		suits = WithoutGPU
	}
	return cmp.Or(d.Environment, suits)
}
