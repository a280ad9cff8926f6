package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"coldstart/reports/compare"
	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/console"
	"coldstart/runner/engine/replay"
	prober "coldstart/runner/hardware"
	"coldstart/runner/lab"
	"coldstart/runner/measure"
)

// measureOptions are the options of the command measure.
type measureOptions struct {
	requestFlags
	hostFlags
	node, role  string
	out, python string
	against     string
	base        string
}

func newMeasure(out *console.Console) *cobra.Command {
	o := &measureOptions{}
	cmd := &cobra.Command{
		Use:   "measure --figure N --node NODE [--role ROLE]",
		Short: "Measure one job of the plan",
		Long: `Measure one job of the grid: a figure on a node, and one role of it if it
compares two. Further jobs can be measured into the same directory: name the
session with --resume, and they share its runs. 'coldstart report' draws them.

--against measures the job in two environments in turn, so that drift affects both
alike, and compares them ('coldstart compare'). Both may be the same environment:
then the result shows how much two measurements of the same differ. With --settle 5%
it stops as soon as that is settled: one is slower or faster, and a further turn
confirms it, or both differ by less than 5 %. It makes 3 to 30 turns, unless
--iterations and --max-iterations say otherwise.

--base measures the job as hardware-matrix.yaml has it now, in turn with how it was
where the checked-out commit left that commit, branch or tag.

With --tiny, figures 2 and 12 measure a tiny model with random weights, which needs no
download and no GPU.

--figure hardware measures nothing. It records the hardware of this machine as the
node's: run it there.`,
		Example: `  coldstart measure --figure 7 --node n1
  coldstart measure --figure 10 --node n2 --role gpu1
  coldstart measure --engine vllm --figure 2 --node n1 --environment vllm-0.10.1.1 --against nightly --settle 5%
  coldstart measure --engine vllm --figure 2 --node n1 --base main --settle 5%
  coldstart measure --engine vllm --figure 2 --node n1 --tiny --environment cpu --against cpu-current --settle 5%
  coldstart measure --figure hardware --node n1`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkBase(cmd.Flags()); err != nil {
				return err
			}
			if o.Settle != 0 && !cmd.Flags().Changed("iterations") {
				o.Iterations = compare.LeastTurns
			}
			return o.run(cmd.Context(), out)
		},
	}
	o.requestFlags.addFlags(cmd)
	o.addTinyFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.Figures, "figure", "", "number of the figure, or "+hardwareFigure)
	flags.StringVar(&o.node, "node", "", "node to measure on")
	flags.StringVar(&o.role, "role", "", "role, such as gpu1, for a figure that compares")
	flags.StringVar(&o.out, "out", "out", "directory for results")
	flags.StringVar(&o.python, "python", "", "figure hardware: Python of the environment that is measured")
	flags.StringVar(&o.against, "against", "",
		"vllm: environment to measure in turn with --environment and to compare with it, into A and B below --out")
	flags.StringVar(&o.base, "base", "",
		"commit, branch or tag: measure its merge base in turn with the checked-out commit, into A and B below --out")
	flags.Var((*percent)(&o.Settle), "settle",
		"with --against or --base: stop when it is settled whether one is slower, or both differ by less than this, such as 5%")
	o.hostFlags.addFlags(cmd)
	o.addSpeedFlag(cmd)
	return cmd
}

func (o *measureOptions) run(ctx context.Context, out *console.Console) error {
	if o.Figures == "" || o.node == "" {
		return usagef("say which cell: --figure N --node NODE; 'coldstart plan' lists them")
	}
	switch {
	case o.Settle != 0 && o.against == "" && o.base == "":
		return usagef("--settle needs two sides: name the other environment with --against, " +
			"or the base with --base")
	case o.against != "" && o.base != "":
		return usagef("choose --against or --base")
	case o.base != "":
		return o.compareSides(ctx, out)
	}
	opened, err := lab.For(o.Engine, o.matrix)
	if err != nil {
		return err
	}
	plan, cell, err := o.cell(opened, out, o.Request)
	if err != nil {
		return err
	}
	if err := o.ready(o.Request, plan); err != nil {
		return err
	}
	if o.against != "" {
		return o.compareNow(ctx, out, opened, plan, cell)
	}
	node, err := opened.Node(cell.Node)
	if err != nil {
		return err
	}
	session, release, err := o.Begin(node, plan)
	if err != nil {
		return err
	}
	defer release()
	leave, err := keepOut(o.out)
	if err != nil {
		return err
	}
	defer leave()
	if session.Directory, err = result.Extend(o.out, plan); err != nil {
		return err
	}
	session.Plan = session.Directory.Plan() // with the models that the cell has already

	if o.Figures == hardwareFigure { // only then is this machine the node, also for a replay
		session.Probe = func(ctx context.Context) *hardware.Probe {
			return prober.Probe(ctx, prober.Options{Models: o.ModelsDir, Python: o.python})
		}
	}
	progress := watch(out, session, session.Plan.Runs(cell))
	reason, err := session.Cell(ctx, cell)
	progress.Stop()
	if err != nil {
		return interrupted(err, plan, o.out)
	}
	return reason
}

// hardwareFigure is the figure of a node's hardware cell.
const hardwareFigure = "hardware"

// cell is the cell that the options name, with its plan. Notes go to the console.
func (o *measureOptions) cell(l *lab.Lab, out *console.Console, r lab.Request) (*result.Plan, result.Cell, error) {
	layOut := l.PlanCell
	if r.Figures == hardwareFigure {
		layOut = l.PlanHardware
	}
	plan, cell, notes, err := layOut(r, o.node, o.role)
	out.Notes(notes)
	return plan, cell, err
}

// compareNow measures a cell in the plan's environment and in --against, in turn, and
// compares the two.
func (o *measureOptions) compareNow(
	ctx context.Context, out *console.Console, l *lab.Lab, a *result.Plan, cell result.Cell,
) error {
	if !a.Origin().Measured() || cell.Figure == "" {
		return usagef("--against needs a figure, and an engine that measures")
	}
	other := o.Request
	other.Environment = o.against
	b, _, err := o.cell(l, out, other)
	if err != nil {
		return err
	}
	node, err := l.Node(cell.Node)
	if err != nil {
		return err
	}
	result.InTurns(a, b)
	return o.inTurns(ctx, out, [2]*lab.Node{node, node}, a, cell)
}

// compareSides measures a cell as the checked-out commit has it and as it was at --base, in
// turn, and compares the two.
func (o *measureOptions) compareSides(ctx context.Context, out *console.Console) error {
	sides, err := lab.OpenSides(ctx, o.matrix, o.base)
	if err != nil {
		return err
	}
	if o.Engine == replay.Name || o.Figures == hardwareFigure {
		return usagef("--base needs a figure, and an engine that measures")
	}
	plan, cell, notes, err := sides.PlanCell(ctx, o.Request, o.node, o.role)
	out.Notes(notes)
	if err != nil {
		return err
	}
	if err := o.ready(o.Request, plan); err != nil {
		return err
	}
	result.InTurns(plan, plan.Against) // of the session to go on with
	var nodes [2]*lab.Node
	plans := []*result.Plan{plan, plan.Against}
	for i, side := range []*lab.Lab{sides.Base, sides.Head} {
		if nodes[i], err = side.Node(cell.Node); err != nil {
			return err
		}
		set := plans[i].Set(cell.Set)
		if err := o.SetUp(ctx, nodes[i], plans[i], set, func(line string) { out.Notef("%s", line) }); err != nil {
			return err
		}
	}
	return o.inTurns(ctx, out, nodes, plan, cell)
}

// inTurns measures a cell of a plan and its other side in turn, and compares the two.
func (o *measureOptions) inTurns(
	ctx context.Context, out *console.Console, nodes [2]*lab.Node, p *result.Plan, cell result.Cell,
) error {
	sides, release, err := o.BeginTurns(nodes, p)
	if err != nil {
		return err
	}
	defer release()
	leave, err := keepOut(o.out)
	if err != nil {
		return err
	}
	defer leave()
	dirs := []string{filepath.Join(o.out, "A"), filepath.Join(o.out, "B")}
	for i, side := range sides {
		if side.Directory, err = result.Create(dirs[i], side.Plan); err != nil {
			return err
		}
	}
	progress := watch(out, sides[0], p.Runs(cell))
	sides[0].Observer, sides[1].Observer = progress.Side("A"), progress.Side("B")
	reason, err := measure.Interleaved(ctx, sides[0], sides[1], cell)
	progress.Stop()
	if err != nil {
		return interrupted(err, p, dirs[0])
	}
	if reason != nil {
		return reason
	}
	return (&compareOptions{margin: o.Settle}).run(out, dirs)
}
