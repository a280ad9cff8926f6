package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"coldstart/reports/table"
	"coldstart/runner/environment"
)

// Environment is one that the node's figures are measured in.
type Environment struct {
	Name      string
	Figures   []string               // that need it
	Installed *environment.Installed // nil if it cannot be opened
	Err       error                  // why
}

// checkEnvironment tells whether the environments of the node's figures are made, and
// whether vLLM is what is declared.
func checkEnvironment(_ context.Context, n *Node) []Finding {
	findings := append(n.unmade(), n.changed()...)
	found, declared := n.Probe.Environment, n.Node.Declared.VLLM
	switch {
	case n.Python == "" && len(findings) > 0:
		return findings
	case n.Python == "":
		return pass("the node's figures need none that coldstart makes")
	case found.VLLM == "":
		says := fmt.Sprintf("no vLLM at %s: %s", n.Python, n.Probe.Why("environment.vllm"))
		return append(findings, fail(says, "coldstart setup")...)
	case n.Asked.Environment == "" && declared != "" && found.VLLM != declared:
		says := fmt.Sprintf("vLLM %s is installed, but hardware-matrix.yaml declares %s", found.VLLM, declared)
		remedy := "correct vllm: of the node in hardware-matrix.yaml, or give it environment: vllm-" + declared
		return append(findings, fail(says, remedy)...)
	}
	says := fmt.Sprintf("vLLM %s, PyTorch %s, Python %s", found.VLLM, found.PyTorch, found.Python)
	if made := n.made(); len(made) > 0 {
		says = fmt.Sprintf("%s (%s)", says, table.First(made, mostNamed))
	}
	return append(pass(says), findings...)
}

// unmade names the environments that setup has not made: in one line those that the same
// figures need, those of most figures first.
func (n *Node) unmade() (findings []Finding) {
	groups := map[string][]string{}
	var order []string // of the groups
	for _, e := range n.Environments {
		if !errors.Is(e.Err, environment.ErrNotSetUp) {
			continue
		}
		of := figures(e.Figures)
		if groups[of] == nil {
			order = append(order, of)
		}
		groups[of] = append(groups[of], e.Name)
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, of := range order {
		names := groups[of]
		says := fmt.Sprintf("%s is not made (%s)", names[0], of)
		if len(names) > 1 {
			says = fmt.Sprintf("%d environments are not made (%s): %s", len(names), of, table.First(names, mostNamed))
		}
		findings = append(findings, fail(says, setUp(names...))...)
	}
	if len(findings) > 0 && len(n.Others) > 0 && n.Asked.Environment == "" {
		findings = append(findings, pass("made on this machine, and chosen with --environment: "+strings.Join(n.Others, ", "))...)
	}
	return findings
}

// changed are the environments that are made and cannot be opened.
func (n *Node) changed() (findings []Finding) {
	for _, e := range n.Environments {
		if e.Err != nil && !errors.Is(e.Err, environment.ErrNotSetUp) {
			findings = append(findings, fail(e.Err.Error(), setUp(e.Name)+" --renew")...)
		}
	}
	return findings
}

// made names the environments that are made.
func (n *Node) made() (names []string) {
	for _, e := range n.Environments {
		if e.Installed != nil {
			names = append(names, e.Name)
		}
	}
	return names
}

// setUp is the command that makes environments.
func setUp(names ...string) string {
	return "coldstart setup --environment " + strings.Join(names, ",")
}
