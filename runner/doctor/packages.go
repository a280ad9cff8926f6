package doctor

import (
	"context"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// checkPackages names what the settings of the node's figures need and their environments
// lack. It skips environments that are not set up.
func checkPackages(_ context.Context, n *Node) (findings []Finding) {
	if n.Environment == nil {
		return nil
	}
	looked := false
	open := func(c *result.Configuration) (*environment.Installed, error) {
		installed, err := n.Environment(c)
		looked = looked || err == nil
		return installed, err
	}
	for _, set := range n.sets() {
		lacking, _ := environment.Lacks(set, open)
		for _, e := range lacking {
			findings = append(findings, fail(n.figuresOf(set)+": "+e.Lack(), e.Remedy())...)
		}
	}
	if looked && len(findings) == 0 {
		return pass("the environments have every package that the settings of the node's figures need")
	}
	return findings
}

// figuresOf names the node's figures that need a set, such as "figures 3, 4".
func (n *Node) figuresOf(set *result.Set) string {
	var numbers []string
	for _, cell := range n.cells() {
		if cell.Set == set.Name && !slices.Contains(numbers, cell.Figure) {
			numbers = append(numbers, cell.Figure)
		}
	}
	return figures(numbers)
}

// figures is the numbers of figures in words, such as "figures 3, 4".
func figures(numbers []string) string {
	if len(numbers) == 1 {
		return "figure " + numbers[0]
	}
	return "figures " + strings.Join(numbers, ", ")
}
