package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/console"
	prober "coldstart/runner/hardware"
	"coldstart/runner/measure"
)

// measureOptions are the options of the command measure.
type measureOptions struct {
	labFlags
	measuringFlags
	figure, node, role string
	out, python        string
	against            string
}

func newMeasure(out *console.Console) *cobra.Command {
	o := &measureOptions{}
	cmd := &cobra.Command{
		Use:   "measure --figure N --node NODE [--role ROLE]",
		Short: "Measure one cell",
		Long: `Measure one cell of the grid, a figure on a node in a role, into a directory
that further cells of the session can share. 'coldstart report' draws it. Name the
session with --resume when measuring its further cells: they share their runs.

--against measures the cell in two environments in turn, pass by pass, so that what
drifts meanwhile drifts for both, and compares them ('coldstart compare'). The two
may be one, which shows how far two measurements of the same lie apart.

--figure hardware measures nothing, but keeps what this machine is as what the
node is: run it there.`,
		Example: "  coldstart measure --figure 7 --node n1\n  coldstart measure --figure 10 --node n2 --role gpu1\n  coldstart measure --engine vllm --figure 2 --node n1 --environment vllm-0.10.1.1 --against nightly\n  coldstart measure --figure hardware --node n1",
		Args:    noArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), out) },
	}
	o.addMatrixFlag(cmd)
	o.addEngineFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.figure, "figure", "", "number of the figure, or "+hardwareFigure)
	flags.StringVar(&o.node, "node", "", "node to measure on")
	flags.StringVar(&o.role, "role", "", "role, for a figure that has roles on this node")
	flags.StringVar(&o.out, "out", "out", "directory for results")
	flags.StringVar(&o.python, "python", "", "figure hardware: Python of the environment that is measured")
	flags.StringVar(&o.against, "against", "", "vllm: environment to measure in turn with --environment, into A and B below --out, and to compare with")
	o.measuringFlags.addFlags(cmd)
	return cmd
}

func (o *measureOptions) run(ctx context.Context, out *console.Console) error {
	if o.figure == "" || o.node == "" {
		return usagef("say which cell: --figure N --node NODE; 'coldstart plan' lists them")
	}
	plan, cell, err := o.cell(out)
	if err != nil {
		return err
	}
	if err := o.goOn(plan); err != nil {
		return err
	}
	if o.against != "" {
		return o.compareNow(ctx, out, plan, cell)
	}
	session, release, err := o.Begin(plan, o.Matrix)
	if err != nil {
		return err
	}
	defer release()
	if session.Directory, err = result.Extend(o.out, plan); err != nil {
		return err
	}
	session.Plan = session.Directory.Plan() // with the models that the cell has already

	if o.figure == hardwareFigure { // whoever says so is on the node; a replay need not be
		session.Probe = func(ctx context.Context) *hardware.Probe {
			return prober.Probe(ctx, prober.Options{Models: o.Models, Python: o.python})
		}
	}
	progress := watch(out, session, measure.CellRuns(session.Plan, cell))
	reason, err := session.Cell(ctx, cell)
	progress.Stop()
	if err != nil {
		return interrupted(err, plan, o.out)
	}
	return reason
}

// hardwareFigure stands for a figure where a node's hardware is meant.
const hardwareFigure = "hardware"

// hardwareCell is the node's hardware cell, with a plan of nothing else.
func (o *measureOptions) hardwareCell(out *console.Console) (*result.Plan, result.Cell, error) {
	o.Figures = "all"
	plan, err := o.plan(out)
	if err != nil {
		return nil, result.Cell{}, err
	}
	node := plan.Node(o.node)
	if node == nil || o.role != "" {
		return nil, result.Cell{}, usagef("there is no hardware of node %q in role %q; name a node of %s, and no role", o.node, o.role, o.Matrix)
	}
	i := slices.IndexFunc(plan.Cells, func(cell result.Cell) bool { return cell.Figure == "" && cell.Node == o.node })
	cell := plan.Cells[i]
	plan.Nodes, plan.Cells = []result.Node{*node}, []result.Cell{cell}
	plan.Models, plan.Sets, plan.Figures = nil, nil, nil
	return plan, cell, nil
}

// cell is the cell that is meant, with the plan of its figure.
func (o *measureOptions) cell(out *console.Console) (*result.Plan, result.Cell, error) {
	if o.figure == hardwareFigure {
		return o.hardwareCell(out)
	}
	o.Figures = o.figure
	if slices.Contains([]string{"all", "rest"}, o.figure) || strings.Contains(o.figure, ",") {
		return nil, result.Cell{}, usagef("--figure takes one figure, not %q", o.figure)
	}
	plan, err := o.plan(out)
	if err != nil {
		return nil, result.Cell{}, err
	}
	if plan.Figures[0].Roles[0] == "" { // such a figure can be measured on any node
		o.Nodes = []string{o.node}
		if plan, err = o.plan(out); err != nil {
			return nil, result.Cell{}, err
		}
	}
	var candidates []result.Cell
	for _, cell := range plan.Cells {
		if cell.Figure != "" && cell.Node == o.node && (o.role == "" || cell.Role == o.role) {
			candidates = append(candidates, cell)
		}
	}
	switch len(candidates) {
	case 0:
		return nil, result.Cell{}, usagef("figure %s is not measured on %s in role %q; 'coldstart plan --figures %s' lists its cells", o.figure, o.node, o.role, o.figure)
	case 1:
		return plan, candidates[0], nil
	}
	return nil, result.Cell{}, usagef("figure %s has several roles on %s: choose --role %s or %s", o.figure, o.node, candidates[0].Role, candidates[1].Role)
}
