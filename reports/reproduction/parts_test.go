package reproduction

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/figure"
	"coldstart/reports/result"
)

// planOf has a figure of each of the nodes.
func planOf(nodes ...string) *result.Plan {
	p := &result.Plan{}
	for _, node := range nodes {
		p.Figures = append(p.Figures, result.Figure{Number: "7", Nodes: map[string]string{"": node}})
	}
	return p
}

// The nodes here are a and b, or a alone; the paper's are n1 and n2.
func TestParseParts(t *testing.T) {
	one, two := planOf("a"), planOf("a", "b")
	tests := map[string]struct {
		here  *result.Plan
		words string
		want  map[string]string
		err   string
	}{
		"nothing":             {here: two},
		"the one node":        {here: one, words: "n1", want: map[string]string{"a": "n1"}},
		"the one node, named": {here: one, words: "a=n2", want: map[string]string{"a": "n2"}},
		"two nodes":           {here: two, words: "a=n1,b=n2", want: map[string]string{"a": "n1", "b": "n2"}},
		"one of two":          {here: two, words: "b=n1", want: map[string]string{"b": "n1"}},
		"which of two":        {here: two, words: "n1", err: `these results have the nodes a, b: say which of them plays "n1", for example a=n1`},
		"two parts, one node": {here: one, words: "n1,n2", err: `say which of them plays "n1"`},
		"one node twice":      {here: two, words: "a=n1,a=n2", err: "node a cannot play both n1 and n2"},
		"one part twice":      {here: two, words: "a=n1,b=n1", err: "nodes a and b cannot both play n1"},
		"an unknown node":     {here: two, words: "c=n1", err: `no figure on a node "c"; they have a, b`},
		"an unknown part":     {here: one, words: "n9", err: `the paper has no figure on a node "n9"; it has n1, n2`},
		"an empty part":       {here: one, words: "a=", err: `no figure on a node ""; it has n1, n2`},
		"no node at all":      {here: planOf(), words: "n1", err: `plays "n1", for example NODE=n1`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			words := strings.FieldsFunc(test.words, func(r rune) bool { return r == ',' })
			got, err := ParseParts(words, test.here, planOf("n1", "n2"))
			switch {
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Errorf("error %v, want one with %q", err, test.err)
			case test.err == "" && err != nil:
				t.Error(err)
			case test.err == "" && cmp.Diff(test.want, got) != "":
				t.Errorf("(-want +got):\n%s", cmp.Diff(test.want, got))
			}
		})
	}
}

// A figure is held against the paper's only if every one of its nodes plays that of
// the same role.
func TestPlays(t *testing.T) {
	parts := map[string]string{"a": "n1", "b": "n2"}
	type nodes = map[string]string
	tests := map[string]struct {
		here, paper nodes
		want        bool
	}{
		"its part":          {nodes{"": "a"}, nodes{"": "n1"}, true},
		"another part":      {nodes{"": "b"}, nodes{"": "n1"}, false},
		"no part":           {nodes{"": "c"}, nodes{"": "n1"}, false},
		"a name is no part": {nodes{"": "n1"}, nodes{"": "n1"}, false},
		"both":              {nodes{"gpu0": "a", "gpu1": "b"}, nodes{"gpu0": "n1", "gpu1": "n2"}, true},
		"the wrong way":     {nodes{"gpu0": "b", "gpu1": "a"}, nodes{"gpu0": "n1", "gpu1": "n2"}, false},
		"one of two":        {nodes{"gpu0": "a", "gpu1": "c"}, nodes{"gpu0": "n1", "gpu1": "n2"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := plays(parts, &figure.Data{Nodes: test.here}, &figure.Data{Nodes: test.paper}); got != test.want {
				t.Errorf("%v plays %v: %t", test.here, test.paper, got)
			}
		})
	}
}
