package doctor

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"coldstart/reports/result"
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

func checkModels(_ context.Context, n *Node) (findings []Finding) {
	folders := n.folders()
	switch {
	case len(folders) == 0:
		return pass("the node's figures need none")
	case n.Models == "":
		return warn(fmt.Sprintf("%d are needed, but their directory is unknown", len(folders)),
			"coldstart doctor --node "+n.Node.Name+" --models DIR")
	}
	for _, f := range folders {
		if err := models.Check(n.Models, f.Name); err != nil {
			findings = append(findings, fail(err.Error(), download(n.Models, f))...)
		}
	}
	if len(findings) == 0 {
		return pass(fmt.Sprintf("all %d of the node's figures are complete", len(folders)))
	}
	return findings
}

// download is the command that fetches a model, or resumes that.
func download(dir string, f plan.Folder) string {
	switch {
	case f.Model == nil || f.Model.Repository == "":
		return "put it into " + filepath.Join(dir, f.Name)
	case f.Name != models.FolderOf(f.Model):
		return fmt.Sprintf("coldstart models tensorize %s --models %s", f.Model.Key, dir)
	}
	return fmt.Sprintf("coldstart models download %s --models %s", f.Model.Key, dir)
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
		return fail(says, "df -h "+n.Models)
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

// checkEnvironment compares the environment's vLLM with the declared one.
func checkEnvironment(_ context.Context, n *Node) []Finding {
	found, declared := n.Probe.Environment, n.Node.Declared.VLLM
	switch {
	case n.Python == "":
		return warn("the Python environment to measure is unknown",
			"coldstart doctor --node "+n.Node.Name+" --python ENVIRONMENT/bin/python")
	case found.VLLM == "":
		return fail(fmt.Sprintf("no vLLM at %s: %s", n.Python, n.Probe.Why("environment.vllm")), setUp(declared))
	case declared != "" && found.VLLM != declared:
		return fail(fmt.Sprintf("vLLM %s is installed, but hardware-matrix.yaml declares %s", found.VLLM, declared),
			setUp(declared))
	}
	return pass(fmt.Sprintf("vLLM %s, PyTorch %s, Python %s", found.VLLM, found.PyTorch, found.Python))
}

// setUp is the command that makes the environment of a release of vLLM, beside the one
// that was found.
func setUp(release string) string {
	if release == "" {
		return "coldstart setup"
	}
	return "coldstart setup --environment vllm-" + release
}
