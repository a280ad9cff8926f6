package registration

import (
	"regexp"
	"slices"
	"strings"

	"coldstart/reports/result"
)

// labelsOf are the labels of a node's runner: the node's name, its declared GPU, and the
// labels in hardware-matrix.yaml.
func labelsOf(node result.Node) []string {
	labels := []string{node.Name}
	for _, label := range append([]string{gpuLabel(node.Declared.GPU)}, node.Labels...) {
		if label != "" && !contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels
}

// gpuLabel is a GPU's model as a label: h100-nvl for "NVIDIA H100 NVL".
func gpuLabel(model string) string {
	word := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(model)), "nvidia ")
	return strings.Trim(notInLabels.ReplaceAllString(word, "-"), "-._")
}

var notInLabels = regexp.MustCompile(`[^a-z0-9._]+`)

// selfHosted is the label that jobs ask for besides the node's.
const selfHosted = "self-hosted"

// everyRunner are labels that a runner may have by default.
var everyRunner = []string{selfHosted, "linux", "x64", "arm64"}

// lacking are the labels of want that are not in have.
func lacking(want, have []string) (missing []string) {
	for _, label := range want {
		if !contains(have, label) {
			missing = append(missing, label)
		}
	}
	return missing
}

// contains ignores case, as servers do.
func contains(labels []string, label string) bool {
	return slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, label) })
}
