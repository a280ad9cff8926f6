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
	variables      map[string]string // of the lab's Python
}

func (p *probeFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&p.models, "models", "", "directory of the models, to tell what lies under it")
	flags.StringVar(&p.python, "python", "", "Python of the environment that is measured, such as venv/bin/python")
}

// of fills in what was not named by what the lab says of a node.
func (p *probeFlags) of(node *lab.Node) {
	places := (&lab.Host{}).Places(node)
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
		Short: "Tell what this machine is, beside what is declared",
		Long: `Tell what this machine is: processors, GPUs, memory, drives, system, and the
Python environment that will be measured. With --node, what the lab's file
declares of that node stands beside it, and ≠ marks what differs.

No root is needed. What cannot be had is unknown, and the reason stands below the
table. A difference is no failure: the exit code is 0.`,
		Example: `  coldstart hardware
  coldstart hardware --node n1 --models /data/models --python /opt/vllm/bin/python
  coldstart hardware --json > n1.json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.matrix, "matrix", lab.DefaultPath, "the lab's file, which --node is looked up in")
	flags.StringVar(&o.node, "node", "", "node that this machine is declared as")
	flags.BoolVar(&o.json, "json", false, "print JSON, with the comparison where --node is given")
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
		o.of(planned)
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
