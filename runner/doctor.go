package main

import (
	"cmp"
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/doctor"
	"coldstart/runner/forge"
	"coldstart/runner/lab"
	"coldstart/runner/registration"
)

// doctorOptions are the options of the command doctor.
type doctorOptions struct {
	probeFlags
	matrix, node string
	figures      string
	only         []string
	repo, api    string
	json         bool
}

func newDoctor(out *console.Console) *cobra.Command {
	o := &doctorOptions{}
	cmd := &cobra.Command{
		Use:   "doctor --node NODE",
		Short: "Check everything that a node needs before a measurement",
		Long: `Check everything that a measurement on this node needs, before it costs an hour: the
GPU and its processes, driver and environment, the packages and models of the node's
figures, disk space, the page cache, clocks, limits, the server and the runner. Each
line is pass, warn (it may blur a measurement) or fail (it prevents one), followed by
the remedy. The exit code is 1 if a check fails.`,
		Example: `  coldstart doctor --node n1 --models /models --python ~/vllm/bin/python
  coldstart doctor --node n1 --figures 2,7 --json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	addMatrixFlag(cmd, &o.matrix)
	o.probeFlags.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.node, "node", "", "name of this machine in hardware-matrix.yaml")
	flags.StringVar(&o.figures, "figures", "all",
		"figures to measure here: all, rest, or comma-separated numbers")
	flags.StringSliceVar(&o.only, "only", nil,
		"models to measure here (default: all models of the figures)")
	flags.StringVar(&o.repo, "repo", os.Getenv("GITHUB_REPOSITORY"),
		"repository, OWNER/REPO; if empty, it is not checked whether strangers can run code here")
	flags.StringVar(&o.api, "api-url", apiURL(), "address of the server's API; if empty, it is not checked")
	flags.BoolVar(&o.json, "json", false, "print JSON, one object per finding")
	return cmd
}

// apiURL is the address of the server's API in a workflow, or github.com's.
func apiURL() string { return cmp.Or(os.Getenv("GITHUB_API_URL"), "https://api.github.com") }

// errUnfit is the error of doctor if a check failed.
var errUnfit = errors.New("this node is not fit to measure")

func (o *doctorOptions) run(ctx context.Context, out *console.Console) error {
	if o.node == "" {
		return usagef("name the node that this machine is: --node NODE")
	}
	node, err := o.examined(ctx, out)
	if err != nil {
		return err
	}
	findings := doctor.Examine(ctx, node)
	if o.json {
		err = printJSON(out.Out, findings)
	} else {
		err = out.Table(findingsTable(findings))
	}
	if err != nil {
		return err
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
		return nil, err
	}
	o.of(node)
	public, err := o.public()
	if err != nil {
		return nil, err
	}
	return &doctor.Node{
		Plan: plan, Node: node.Node, Probe: o.probe(ctx),
		Models: o.models, Python: o.python, API: o.api, Public: public, Machine: o.machine(),
		Environment: (&lab.Host{}).Opener(node),
	}, nil
}

// machine is this machine, with the runner that is registered on it.
func (o *doctorOptions) machine() doctor.Machine {
	machine := doctor.ThisMachine()
	here := registration.Local()
	machine.Runner = func(ctx context.Context, node string) (doctor.Runner, bool) {
		found, exists := here.Program(ctx, node, nil)
		return doctor.Runner{Version: found.Version, Trouble: found.Trouble, Remedy: found.Remedy}, exists
	}
	if server := (forge.Repository{API: o.api}); !server.IsGitea() {
		machine.MissingLibraries = here.MissingLibraries
	}
	return machine
}

// public asks whether the repository is public; nil if there is none to ask about.
func (o *doctorOptions) public() (func(context.Context) (string, error), error) {
	if o.repo == "" || o.api == "" {
		return nil, nil
	}
	repository, err := forge.NewRepository(o.repo, o.api)
	if err != nil {
		return nil, usageError{err}
	}
	return func(ctx context.Context) (string, error) {
		return forge.PublicWarning(ctx, forge.Retrying(nil), repository, githubToken())
	}, nil
}

var tones = map[doctor.Status]table.Tone{doctor.Pass: table.Good, doctor.Warn: table.Doubtful, doctor.Fail: table.Bad}

// findingsTable has one row per finding.
func findingsTable(findings []doctor.Finding) table.Table {
	t := table.Table{Header: []string{"Status", "Check", "Finding", "Remedy"}, Notes: true}
	for _, f := range findings {
		t.Rows = append(t.Rows, []table.Cell{
			{Text: string(f.Status), Tone: tones[f.Status]}, {Text: f.Check}, {Text: f.Says}, {Text: f.Remedy},
		})
	}
	return t
}
