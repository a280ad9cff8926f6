package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"coldstart/reports/hardware"
	"coldstart/runner/console"
	prober "coldstart/runner/hardware"
	"coldstart/runner/lab"
)

// hardwareOptions are the options of the command hardware.
type hardwareOptions struct {
	probeFlags
	matrix, node string
	json         bool
}

// probeFlags are the options that say where a probe looks.
type probeFlags struct {
	models, python string
	variables      map[string]string // of the declared Python
}

func (p *probeFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&p.models, "models", "", "directory of the models, to show its storage")
	flags.StringVar(&p.python, "python", "", "Python of the environment to measure, such as venv/bin/python")
}

// of fills in what was not named by what hardware-matrix.yaml says of a node that measures in
// an environment; empty is the node's own.
func (p *probeFlags) of(node *lab.Node, environment string) {
	places := (&lab.Host{}).Places(node, environment)
	if p.python == "" {
		p.python, p.variables = places.Python, places.Variables
	}
	p.models = cmp.Or(p.models, places.Models)
}

// probe looks at this machine.
func (p *probeFlags) probe(ctx context.Context) *hardware.Probe {
	return prober.Probe(ctx, prober.Options{Models: p.models, Python: p.python, Variables: p.variables})
}

func newHardware(out *console.Console) *cobra.Command {
	o := &hardwareOptions{}
	cmd := &cobra.Command{
		Use:   "hardware",
		Short: "Show what this machine is, beside what is declared",
		Long: `Show what this machine is: processors, GPUs, memory, drives, system, and the Python
environment to measure. With --node, the declaration of that node in
hardware-matrix.yaml stands beside it, and ≠ marks what differs.

It needs no root. A fact that cannot be found is unknown, and the reason stands below
the table. The exit code is 0 even if something differs.`,
		Example: `  coldstart hardware
  coldstart hardware --node n1 --models /data/models --python /opt/vllm/bin/python
  coldstart hardware --json > n1.json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addFlags(cmd)
	flags := cmd.Flags()
	addMatrixFlag(cmd, &o.matrix)
	flags.StringVar(&o.node, "node", "", "name of this machine in hardware-matrix.yaml")
	flags.BoolVar(&o.json, "json", false, "print JSON, with the comparison if --node is given")
	return cmd
}

// jsonHardware is how --json shows a probe beside a declaration.
type jsonHardware struct {
	*hardware.Probe
	Comparison []hardware.Fact `json:"comparison,omitempty"`
}

func (o *hardwareOptions) run(ctx context.Context, out *console.Console) error {
	node := hardware.Node{Name: o.node}
	if o.node != "" {
		planned, err := openNode(o.matrix, o.node)
		if err != nil {
			return err
		}
		node.Declared = planned.Declared
		o.of(planned, "")
	}
	node.Probed = o.probe(ctx)
	if o.json {
		return printJSON(out.Out, jsonOf(node))
	}
	if err := out.Table(node.Findings()); err != nil {
		return err
	}
	for _, reason := range node.Probed.Reasons() {
		out.Notef("unknown %s", reason)
	}
	return nil
}

func jsonOf(node hardware.Node) jsonHardware {
	if node.Name == "" {
		return jsonHardware{Probe: node.Probed}
	}
	return jsonHardware{node.Probed, hardware.Compare(node.Declared, node.Probed)}
}
