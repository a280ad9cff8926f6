package matrix_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/runner/environment"
	"coldstart/runner/matrix"
)

const labOfEnvironments = `
default_node: n1
environments:
  fork: {python: "3.12", packages: [vllm==0.11.0]}
  vllm-0.9.0: {python: "3.12", packages: [vllm==0.9.0]}
nodes: {n1: {}, n2: {environment: fork}}
figures: {7: {nodes: [n1]}}
`

// A node measures in the environment that it has instead of the default one, and
// in the lab's own where the lab replaces one of the catalogue.
func TestEnvironment(t *testing.T) {
	m, err := matrix.Parse("lab.yaml", []byte(labOfEnvironments), figures)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ node, asked, want, packages string }{
		{"n1", environment.Default, environment.Default, "vllm==0.10.1.1"},
		{"n2", environment.Default, "fork", "vllm==0.11.0"},
		{"n2", "vllm-0.8.0", "vllm-0.8.0", "vllm==0.8.0"}, // a release of figure 1 stays that release
		{"n1", "vllm-0.9.0", "vllm-0.9.0", "vllm==0.9.0"},
		{"n1", "cpu", "cpu", "torch==2.7.1"},
	} {
		e, found := m.Environment(test.node, test.asked)
		if !found || e.Name != test.want || e.Packages[0] != test.packages {
			t.Errorf("%s on %s: %s with %v", test.asked, test.node, e.Name, e.Packages)
		}
	}
	if e, _ := m.Environment("n1", "vllm-0.9.0"); e.Python != "3.12" {
		t.Error("the lab's own does not replace the catalogue's")
	}
	if _, found := m.Environment("n1", "none"); found {
		t.Error("there is an environment of no such name")
	}
}

// What the catalogue declares can be copied into the lab's file as it stands.
func TestCatalogueFitsTheLabsFile(t *testing.T) {
	text, err := os.ReadFile("../environment/catalogue.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := "environments:\n  " + strings.ReplaceAll(string(text), "\n", "\n  ") + "\ndefault_node: n1\nnodes: {n1: {}}\nfigures: {7: {nodes: [n1]}}\n"
	m, err := matrix.Parse("catalogue.yaml", []byte(file), figures)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(environment.Catalogue(), m.Environments); diff != "" {
		t.Errorf("read otherwise (-catalogue +lab):\n%s", diff)
	}
}
