package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/console"
	"coldstart/runner/lab"
	"coldstart/runner/plan"
)

// planOptions are the options of the command plan.
type planOptions struct {
	requestFlags
	base string
	json bool
}

func newPlan(out *console.Console) *cobra.Command {
	o := &planOptions{}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show the grid: which figure is measured on which node",
		Long: `Show the grid that hardware-matrix.yaml describes: one job per figure, node
and role, and one per node for its hardware. --json prints the grid as the value of
strategy.matrix in a GitHub workflow. For an engine that measures, how long
each node is busy is shown as well, and what sharing runs saves; with --confidence also what
stopping early is likely to save.

--base REVISION shows only what a change touches: the jobs whose engine or environment
differs from hardware-matrix.yaml as it was where the checked-out commit left that
commit, branch or tag. Each is measured on both sides, in turns on its node.`,
		Example: `  coldstart plan
  coldstart plan --figures rest --nodes n2 --json
  coldstart plan --engine vllm
  coldstart plan --engine vllm --base main`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkBase(cmd.Flags()); err != nil {
				return err
			}
			return o.run(cmd.Context(), out)
		},
	}
	o.addFlags(cmd)
	o.addGridFlags(cmd)
	cmd.Flags().StringVar(&o.base, "base", "", "commit, branch or tag to compare the checked-out commit with")
	cmd.Flags().BoolVar(&o.json, "json", false, "print a job matrix")
	return cmd
}

func (o *planOptions) run(ctx context.Context, out *console.Console) error {
	made, err := o.layOut(ctx, out)
	if err != nil {
		return err
	}
	jobs, err := plan.Jobs(made)
	if err != nil {
		return err
	}
	if o.json {
		return printJSON(out.Out, jobs)
	}
	if made.Against != nil && len(made.Cells) == 0 {
		_, err := fmt.Fprintf(out.Out, "%s\n", made.Untouched())
		return err
	}
	if err := out.Table(planTable(made)); err != nil {
		return err
	}
	most := ""
	if made.Stop != nil {
		most = " at most"
	}
	_, err = fmt.Fprintf(out.Out, "%s, %s of the engine%s.\n",
		table.Count(len(made.Cells), "job"), table.Count(made.Runs(made.Cells...), "run"), most)
	if err != nil || !made.Origin().Measured() {
		return err
	}
	costs := plan.Costs(made)
	all := plan.Total(costs)
	all.Node = "all"
	if err := printCosts(out, append(costs, all)); err != nil || made.Stop == nil {
		return err
	}
	if made.Stop.Within == 0 {
		_, err := fmt.Fprintf(out.Out, "That is an upper limit. Measuring stops once it is settled "+
			"whether the head is slower, or differs by less than %g %%.\n", 100*made.Stop.Slower)
		return err
	}
	return printSaving(out, made.Stop, all)
}

// layOut lays out the grid, or with --base what differs from it. Notes go to the console.
func (o *planOptions) layOut(ctx context.Context, out *console.Console) (*result.Plan, error) {
	if o.base == "" {
		_, made, err := o.plan(out)
		return made, err
	}
	sides, err := lab.OpenSides(ctx, o.matrix, o.base)
	if err != nil {
		return nil, err
	}
	made, notes, err := sides.Plan(ctx, o.Request)
	out.Notes(notes)
	return made, err
}

// printSaving shows what stopping early saves.
func printSaving(out *console.Console, stop *result.Stop, all plan.Cost) error {
	_, err := fmt.Fprintf(out.Out, "That is an upper limit. Measuring stops once every phase is known "+
		"within %g %% of its mean: if runs vary as the paper's do, that takes %s and %s, and saves %.0f %% of the time.\n",
		100*stop.Within, table.Count(all.LikelyRuns, "run"), hours(all.Likely), 100*(1-all.Likely/all.Shared))
	return err
}

// printCosts shows how long each node is busy, and last all nodes.
func printCosts(out *console.Console, costs []plan.Cost) error {
	all := costs[len(costs)-1]
	t := table.Table{
		Header: []string{"Node", "Time", "Each figure on its own", "Sharing saves"},
		Align:  []table.Align{table.Left, table.Right, table.Right, table.Right},
	}
	for _, c := range costs {
		t.Add(c.Node, hours(c.Shared), hours(c.Alone), fmt.Sprintf("%.0f %%", 100*(1-c.Shared/c.Alone)))
	}
	if err := out.Table(t); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out.Out, strings.Join(estimated(all), " "))
	return err
}

// estimated says where the estimate of the time comes from, in sentences.
func estimated(all plan.Cost) []string {
	sentences := []string{"Estimated from the paper's recorded start-ups."}
	if all.Guessed > 0 {
		sentences = append(sentences, fmt.Sprintf("%.0f %% of the time is a guess from other runs of the measurement set: "+
			"the paper has no run of that model on that node.", 100*all.Guessed/all.Shared))
	}
	if all.BySize > 0 {
		sentences = append(sentences, fmt.Sprintf("%.0f %% of the time is a guess by the GiB of weights, from the paper's "+
			"models on n1: the paper does not have that measurement set. A start of a model of unknown size counts as a "+
			"minute; weights_gib: in hardware-matrix.yaml says the size.", 100*all.BySize/all.Shared))
	}
	return sentences
}

// hours writes seconds as hours and minutes.
func hours(seconds float64) string {
	return fmt.Sprintf("%d:%02d h", int(seconds)/3600, int(seconds)%3600/60)
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func planTable(p *result.Plan) table.Table {
	t := table.Table{
		Header: []string{"Job", "Figure", "Role", "Node", "GPU", "Measures", "Runs"},
		Align:  []table.Align{table.Left, table.Right, table.Left, table.Left, table.Right, table.Left, table.Right},
	}
	for _, cell := range p.Cells {
		t.Add(cell.ID, cell.Figure, cell.Role, cell.Node, string(cell.GPU), measures(cell), runsOf(p, cell))
	}
	return t
}

func measures(cell result.Cell) string {
	switch {
	case cell.Figure == "":
		return "what the node is"
	case cell.Shares != "":
		return cell.Set + ", runs of " + cell.Shares
	}
	return cell.Set
}

func runsOf(p *result.Plan, cell result.Cell) string {
	if runs := p.Runs(cell); runs > 0 {
		return strconv.Itoa(runs)
	}
	return ""
}
