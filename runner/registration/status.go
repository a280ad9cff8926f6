package registration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/forge"
)

// Status is the nodes of hardware-matrix.yaml beside the runners that the server knows.
type Status struct {
	Nodes  []NodeStatus   `json:"nodes"`
	Others []forge.Runner `json:"others"` // that belong to no node
}

// NodeStatus is a node with its runner, if it has one.
type NodeStatus struct {
	Node string `json:"node"`
	*forge.Runner
	Missing     []string `json:"missing,omitempty"`     // labels
	Superfluous []string `json:"superfluous,omitempty"` // labels
	Version     string   `json:"version,omitempty"`     // of the runner, if it is known
	Problems    []string `json:"problems,omitempty"`    // sentences
	Warnings    []string `json:"warnings,omitempty"`    // of problems to come
}

// Ready says whether the node's jobs find its runner and no other.
func (n *NodeStatus) Ready() bool { return len(n.Problems) == 0 }

// Look asks the server for all runners, and compares them with the nodes.
func Look(
	ctx context.Context, s *System, of forge.Repository, token forge.Token, nodes []result.Node,
) (*Status, error) {
	client, err := forge.NewClient(s.HTTP, of, token)
	if err != nil {
		return nil, err
	}
	runners, err := client.Runners(ctx)
	if err != nil {
		return nil, err
	}
	status := compare(nodes, runners)
	for i := range status.Nodes {
		n := &status.Nodes[i]
		found, _ := s.Program(ctx, n.Node, client)
		if found.Version == "" && found.Trouble == "" && n.Runner != nil {
			found = s.elsewhere(ctx, nodes[i], of, client, releaseIn.FindString(n.Runner.Version))
		}
		n.judge(found)
	}
	return status, nil
}

// elsewhere is the program of a node's runner, such as on another machine, by the release
// that the server tells.
func (s *System) elsewhere(
	ctx context.Context, node result.Node, of forge.Repository, server *forge.Client, release string,
) Program {
	r := Runner{Node: node, Repository: of, Dir: DefaultDir(node.Name)}
	found := Program{Version: release, Remedy: r.command("register", of)}
	found.Trouble, found.NoJobs = s.trouble(ctx, &r, server, release, time.Time{})
	return found
}

// judge adds what is known of the runner's program.
func (n *NodeStatus) judge(found Program) {
	n.Version = found.Version
	text := found.Trouble + "; update it on the node with: " + found.Remedy
	switch {
	case found.Trouble == "":
	case found.NoJobs:
		n.Problems = append(n.Problems, text)
	default:
		n.Warnings = append(n.Warnings, text)
	}
}

// LookRecipe says what Look does.
func LookRecipe(of forge.Repository, nodes []result.Node) string {
	var lines []string
	for _, node := range nodes {
		lines = append(lines, fmt.Sprintf("%s: a runner of that name, online, labelled %s",
			node.Name, strings.Join(labelsOf(node), ", ")))
	}
	return recipe("To see the runners of "+of.URL()+", without changing anything:", []step{
		{does: "List all runners, page by page", shell: []string{
			"GET " + of.Endpoint("?per_page=100&page=1…") + " (authorized by GITHUB_TOKEN)",
		}},
		{does: "Compare them with the nodes of hardware-matrix.yaml", shell: lines},
		{does: "Ask until when each release gets jobs", shell: []string{
			"GET " + of.Endpoint("/deprecations/RELEASE") + " (authorized by GITHUB_TOKEN)",
		}},
	})
}

// compare finds each node's runner by its name or else by its label, by which jobs choose.
func compare(nodes []result.Node, runners []forge.Runner) *Status {
	status := &Status{Nodes: []NodeStatus{}, Others: []forge.Runner{}}
	taken := map[int64]bool{}
	for _, node := range nodes {
		n := nodeStatus(node, runners)
		if n.Runner != nil {
			taken[n.ID] = true
		}
		status.Nodes = append(status.Nodes, n)
	}
	for _, r := range runners {
		if !taken[r.ID] {
			status.Others = append(status.Others, r)
		}
	}
	return status
}

func nodeStatus(node result.Node, runners []forge.Runner) NodeStatus {
	n := NodeStatus{Node: node.Name}
	want := append([]string{selfHosted}, labelsOf(node)...)
	own := ownRunner(node.Name, runners)
	if own >= 0 {
		n.Runner = &runners[own]
		n.Missing = lacking(want, n.Labels)
		n.Superfluous = lacking(n.Labels, slices.Concat(want, everyRunner))
	}
	n.Problems = n.ownProblems()
	for i, r := range runners {
		switch {
		case i == own:
		case strings.EqualFold(r.Name, node.Name):
			n.Problems = append(n.Problems, fmt.Sprintf("a second runner has its name: id %d", r.ID))
		case contains(r.Labels, node.Name):
			n.Problems = append(n.Problems,
				fmt.Sprintf("runner %s has the label %s, too, and would take its jobs", r.Name, node.Name))
		}
	}
	return n
}

// ownRunner is the index of a node's runner, -1 for none.
func ownRunner(node string, runners []forge.Runner) int {
	if i := slices.IndexFunc(runners, func(r forge.Runner) bool { return strings.EqualFold(r.Name, node) }); i >= 0 {
		return i
	}
	return slices.IndexFunc(runners, func(r forge.Runner) bool { return contains(r.Labels, node) })
}

func (n *NodeStatus) ownProblems() (problems []string) {
	if n.Runner == nil {
		return []string{"no runner"}
	}
	if !n.Online {
		problems = append(problems, "offline")
	}
	if len(n.Missing) > 0 {
		problems = append(problems, "lacks the label "+strings.Join(n.Missing, ", "))
	}
	if len(n.Superfluous) > 0 {
		problems = append(problems,
			"has the label "+strings.Join(n.Superfluous, ", ")+", which hardware-matrix.yaml does not name")
	}
	return problems
}
