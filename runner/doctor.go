package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
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
	environment  string
	figures      string
	only         []string
	repo, api    string
	json         bool
}

func newDoctor(out *console.Console) *cobra.Command {
	o := &doctorOptions{}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check everything that a node needs before a measurement",
		Long: `Check everything that a measurement on this node needs, before it costs an hour: the
GPU and its processes, driver and environment, the packages and models of the node's
figures, disk space, the page cache, clocks and limits; with --repo, also the server and
the runner. Each line is pass, warn (it may blur a measurement) or fail (it prevents
one), followed by the remedy. The exit code is 1 if a check fails.

With a token in GITHUB_TOKEN that may read the repository's administration, GitHub is
asked until when it gives jobs to the release of the runner.`,
		Example: `  coldstart doctor --node n1 --models /models
  coldstart doctor --node n1 --environment vllm-0.20.2 --figures 2,7 --json
  coldstart doctor --node n1 --repo me/vllm`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	addMatrixFlag(cmd, &o.matrix)
	o.probeFlags.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.node, "node", "", "name of this machine in hardware-matrix.yaml (default: that of its name, or the only one)")
	flags.StringVar(&o.figures, "figures", "all",
		"figures to measure here: all, rest, or comma-separated numbers")
	flags.StringSliceVar(&o.only, "only", nil,
		"models to measure here (default: all models of the figures)")
	flags.StringVar(&o.environment, "environment", "",
		"environment of every figure except 1 (default: the node's, or the paper's)")
	flags.StringVar(&o.repo, "repo", os.Getenv("GITHUB_REPOSITORY"),
		"repository of the runner, OWNER/REPO; if empty, neither runner nor server is checked")
	flags.StringVar(&o.api, "api-url", apiURL(), "address of the server's API")
	flags.BoolVar(&o.json, "json", false, "print JSON, one object per finding")
	return cmd
}

// apiURL is the address of the server's API in a workflow, or github.com's.
func apiURL() string { return cmp.Or(os.Getenv("GITHUB_API_URL"), "https://api.github.com") }

// errUnfit is the error of doctor if a check failed.
var errUnfit = errors.New("this node is not fit to measure")

func (o *doctorOptions) run(ctx context.Context, out *console.Console) error {
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
	if o.node == "" {
		here, _ := thisNode() // without a name, the only node is meant
		if o.node, err = opened.NodeOf(here); err != nil {
			return nil, err
		}
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
	plan.Environment = o.environment
	host := &lab.Host{}
	environments, err := o.environments(host, node, plan)
	if err != nil {
		return nil, err
	}
	o.of(node, o.environment)
	examined := &doctor.Node{
		Plan: plan, Node: node.Node, Probe: o.probe(ctx), Models: o.models, Python: o.python, Machine: doctor.ThisMachine(),
		Environments: environments, Others: host.Made(opened), Checker: host.Checker(node, o.environment),
		Asked: doctor.Asked{Figures: o.figures, Models: o.only, Environment: o.environment, Matrix: o.matrix},
	}
	return examined, o.lookAtRunner(examined)
}

// environments are those that the plan is measured in on the node.
func (o *doctorOptions) environments(
	host *lab.Host, node *lab.Node, plan *result.Plan,
) (all []doctor.Environment, err error) {
	for _, cell := range plan.Cells {
		if cell.Node != node.Name || cell.Figure == "" {
			continue
		}
		needed, err := node.MeasuredIn(plan, plan.Set(cell.Set))
		if err != nil {
			return nil, err
		}
		for _, e := range needed {
			at := slices.IndexFunc(all, func(known doctor.Environment) bool { return known.Name == e.Name })
			if at < 0 {
				installed, err := host.Open(e)
				at, all = len(all), append(all, doctor.Environment{Name: e.Name, Installed: installed, Err: err})
			}
			if of := &all[at]; !slices.Contains(of.Figures, cell.Figure) {
				of.Figures = append(of.Figures, cell.Figure)
			}
		}
	}
	return all, nil
}

// lookAtRunner has the node's runner looked at, and the server if a repository is named.
func (o *doctorOptions) lookAtRunner(n *doctor.Node) error {
	here := registration.Local()
	var server *forge.Client // to be asked about releases
	n.Machine.Runner = func(ctx context.Context, node string) (doctor.Runner, bool) {
		found, exists := here.Program(ctx, node, server)
		return doctor.Runner{Version: found.Version, Trouble: found.Trouble, Remedy: found.Remedy}, exists
	}
	if o.repo == "" || o.api == "" {
		return nil
	}
	repository, err := forge.NewRepository(o.repo, o.api)
	if err != nil {
		return usageError{err}
	}
	if derived, err := repository.WithWeb(""); err == nil { // only register needs it
		repository = derived
	}
	n.API, n.Asked.Register = o.api, registration.RegisterCommand(o.node, repository)
	n.Public = func(ctx context.Context) (string, error) {
		return forge.PublicWarning(ctx, forge.Retrying(nil), repository, githubToken())
	}
	if !repository.IsGitea() {
		n.Machine.MissingLibraries = here.MissingLibraries
	}
	if token := githubToken(); !token.IsZero() && repository.KeepsTokens() == nil {
		server, err = forge.NewClient(here.HTTP, repository, token)
	}
	return err
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
