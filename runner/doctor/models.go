package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/reports/table"
	"coldstart/runner/models"
	"coldstart/runner/plan"
)

// cells are the plan's cells that are measured on the node.
func (n *Node) cells() (cells []result.Cell) {
	for _, cell := range n.Plan.Cells {
		if cell.Node == n.Node.Name && cell.Figure != "" {
			cells = append(cells, cell)
		}
	}
	return cells
}

// sets are the measurement sets that the node's cells need.
func (n *Node) sets() (sets []*result.Set) {
	for _, cell := range n.cells() {
		if set := n.Plan.Set(cell.Set); set != nil && !slices.Contains(sets, set) {
			sets = append(sets, set)
		}
	}
	return sets
}

// folders are the models' folders that the node's cells need.
func (n *Node) folders() []plan.Folder { return plan.Folders(n.Plan, n.Node.Name) }

// checkModels names the models that are missing, in one line for each way to get them.
func checkModels(_ context.Context, n *Node) (findings []Finding) {
	folders := n.folders()
	switch {
	case len(folders) == 0:
		return pass("the node's figures need none")
	case n.Models == "":
		return warn(fmt.Sprintf("the figures need %s, whose directory is unknown", table.Count(len(folders), "model")),
			"coldstart doctor --node "+n.Node.Name+" --models DIR")
	}
	for _, get := range []func(*Node, plan.Folder) string{(*Node).download, (*Node).tensorize, (*Node).byHand} {
		findings = append(findings, n.missing(folders, get)...)
	}
	if len(findings) == 0 {
		return pass(fmt.Sprintf("%s of the node's figures %s complete",
			table.Count(len(folders), "model"), table.Agree(len(folders), "is", "are")))
	}
	return findings
}

// missing names those of some folders that are incomplete, and that a command gets.
func (n *Node) missing(folders []plan.Folder, get func(*Node, plan.Folder) string) []Finding {
	var names []string
	var first error
	remedy := ""
	for _, f := range folders {
		command := get(n, f)
		if command == "" {
			continue
		}
		if err := models.Check(n.Models, f.Name); err != nil {
			first, remedy, names = cmp.Or(first, err), command, append(names, f.Name)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return fail(first.Error(), remedy)
	}
	return fail(fmt.Sprintf("%d of %d are not complete in %s: %s", len(names), len(folders), n.Models, table.First(names, mostNamed)),
		remedy)
}

// download is the command that fetches all models that were asked about and are missing, or
// goes on with that.
func (n *Node) download(f plan.Folder) string {
	if f.Model == nil || f.Model.Repository == "" || f.Name != models.FolderOf(f.Model) {
		return ""
	}
	return n.modelsCommand("download")
}

// tensorize is the command that makes the copies for a weight loader.
func (n *Node) tensorize(f plan.Folder) string {
	if f.Model == nil || f.Model.Repository == "" || f.Name == models.FolderOf(f.Model) {
		return ""
	}
	return n.modelsCommand("tensorize")
}

// byHand is what to do about a model that no command gets.
func (n *Node) byHand(f plan.Folder) string {
	if n.download(f)+n.tensorize(f) != "" {
		return ""
	}
	return "put each model's files into its folder below " + n.Models
}

// modelsCommand is a command about the models that were asked about.
func (n *Node) modelsCommand(verb string) string {
	words := []string{"coldstart models", verb, "--node", n.Node.Name, "--models", n.Models}
	if n.Asked.Environment != "" {
		words = append(words, "--environment", n.Asked.Environment)
	}
	if verb == "download" && n.Asked.Figures != "all" {
		words = append(words, "--figures", n.Asked.Figures)
	}
	if verb == "download" && len(n.Asked.Models) > 0 {
		words = append(words, "--only", strings.Join(n.Asked.Models, ","))
	}
	return strings.Join(words, " ")
}

// checkDisk tells whether the missing models fit.
func checkDisk(_ context.Context, n *Node) []Finding {
	if n.Models == "" {
		return nil
	}
	free, err := n.Machine.FreeGiB(n.Models)
	if err != nil {
		return fail(err.Error(), "mkdir -p "+n.Models)
	}
	need := n.missingGiB()
	says := fmt.Sprintf("%.0f GiB are free at %s; the missing models need %.0f GiB", free, n.Models, need)
	if free < need {
		return fail(says, fmt.Sprintf("du -sh %s/* | sort -h", n.Models))
	}
	return pass(says)
}

// missingGiB is the size of the needed models that are missing. An incomplete model counts
// in full.
func (n *Node) missingGiB() (gib float64) {
	for _, f := range n.folders() {
		if err := models.Check(n.Models, f.Name); err != nil && f.Model != nil {
			gib += f.Model.WeightsGiB
		}
	}
	return gib
}
