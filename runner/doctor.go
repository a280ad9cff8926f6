package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/runner/console"
	"coldstart/runner/doctor"
	"coldstart/runner/lab"
	"coldstart/runner/registration"
)

// doctorOptions are the options of the command doctor.
type doctorOptions struct {
	probeFlags
	matrix, node string
	figures      string
	only         []string
	api          string
	json         bool
}

func newDoctor(out *console.Console) *cobra.Command {
	o := &doctorOptions{}
	cmd := &cobra.Command{
		Use:   "doctor --node NODE",
		Short: "Check everything that a node needs before a measurement",
		Long: `Check this machine for all that a measurement on a node of the lab needs, before
it costs an hour: the GPU and what uses it, driver and environment, the packages and
models of the figures that the node serves, disk space, the page cache, clocks, limits, the
forge and the runner. A line each: pass, warn (it may blur a measurement) or fail
(it prevents one), with the remedy. Exit 1 where something fails.`,
		Example: `  coldstart doctor --node n1 --models /models --python ~/vllm/bin/python
  coldstart doctor --node n1 --figures 2,7 --json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	addMatrixFlag(cmd, &o.matrix)
	o.probeFlags.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.node, "node", "", "node that this machine is")
	flags.StringVar(&o.figures, "figures", "all",
		"figures that are to be measured here: all, rest, or numbers with commas between")
	flags.StringSliceVar(&o.only, "only", nil,
		"models that are to be measured here (default: all that the figures ask for)")
	flags.StringVar(&o.api, "api-url", apiURL(), "address of the forge's API; empty: do not ask it")
	flags.BoolVar(&o.json, "json", false, "print JSON, an object a finding")
	return cmd
}

// apiURL is the forge's address as a workflow tells it, or github.com's.
func apiURL() string {
	if url := os.Getenv("GITHUB_API_URL"); url != "" {
		return url
	}
	return "https://api.github.com"
}

// errUnfit is the error of doctor if a check failed.
var errUnfit = errors.New("this node is not fit to measure")

func (o *doctorOptions) run(ctx context.Context, out *console.Console) error {
	if o.node == "" {
		return usagef("say which node this machine is: --node NODE")
	}
	node, err := o.examined(ctx, out)
	if err != nil {
		return err
	}
	findings := doctor.Examine(ctx, node)
	if o.json {
		if err := printJSON(out.Out, findings); err != nil {
			return err
		}
	} else {
		printFindings(out, findings)
	}
	if doctor.Worst(findings) == doctor.Fail {
		return errUnfit
	}
	return nil
}

// examined is the node as the matrix declares it, and this machine.
func (o *doctorOptions) examined(ctx context.Context, out *console.Console) (*doctor.Node, error) {
	opened, err := lab.Open(o.matrix)
	if err != nil {
		return nil, err
	}
	plan, notes, err := opened.Needs(o.figures, o.only)
	out.Notes(notes)
	if err != nil {
		return nil, err
	}
	node, err := opened.Node(o.node)
	if err != nil {
		return nil, usagef("there is no node %q in %s", o.node, o.matrix)
	}
	o.of(node)
	machine := doctor.ThisMachine()
	machine.RunnerVersion = registration.Local().Version
	return &doctor.Node{
		Plan: plan, Node: node.Node, Probe: o.probe(ctx),
		Models: o.models, Python: o.python, API: o.api, Machine: machine,
		Environment: (&lab.Host{}).Opener(node),
	}, nil
}

// printFindings prints one line per finding, and its remedy below it.
func printFindings(out *console.Console, findings []doctor.Finding) {
	for _, f := range findings {
		fmt.Fprintf(out.Out, "%s  %-13s  %s\n", f.Status, f.Check, f.Says)
		if f.Remedy != "" {
			fmt.Fprintf(out.Out, "%s-> %s\n", strings.Repeat(" ", 21), f.Remedy)
		}
	}
}
