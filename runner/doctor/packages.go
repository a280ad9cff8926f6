package doctor

import (
	"context"
	"slices"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// checkPackages names what the node's figures need and their environments lack: packages, and
// the compiler of what they compile. It skips environments that are not set up.
func checkPackages(_ context.Context, n *Node) (findings []Finding) {
	if n.Checker == nil {
		return nil
	}
	looked := false
	var found []lack
	for _, set := range n.sets() {
		n.Checker.Starts(set, func([]string) { looked = true })
		lacks, _ := n.Checker.Lacks(set)
		for _, e := range lacks {
			found = withLack(found, e, n.figuresOf(set))
		}
	}
	for _, l := range found {
		findings = append(findings, fail(figures(l.figures)+": "+l.Lack.Lack(), l.Remedy())...)
	}
	if looked && len(findings) == 0 {
		return pass("the environments have every package and compiler that the node's figures need")
	}
	return findings
}

// lack is what several figures lack.
type lack struct {
	environment.Lack
	figures []string // their numbers
}

// withLack adds what figures lack. If others lack the same, the figures are added to them.
func withLack(all []lack, e environment.Lack, figures []string) []lack {
	at := slices.IndexFunc(all, func(l lack) bool { return l.Error() == e.Error() })
	if at < 0 {
		return append(all, lack{e, figures})
	}
	for _, number := range figures {
		if !slices.Contains(all[at].figures, number) {
			all[at].figures = append(all[at].figures, number)
		}
	}
	return all
}

// figuresOf are the numbers of the node's figures that need a set.
func (n *Node) figuresOf(set *result.Set) (numbers []string) {
	for _, cell := range n.cells() {
		if cell.Set == set.Name && !slices.Contains(numbers, cell.Figure) {
			numbers = append(numbers, cell.Figure)
		}
	}
	return numbers
}

// figures is the numbers of figures in words, such as "figures 3, 4".
func figures(numbers []string) string {
	if len(numbers) == 1 {
		return "figure " + numbers[0]
	}
	return "figures " + strings.Join(numbers, ", ")
}
