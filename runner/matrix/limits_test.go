package matrix

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/runner/catalogue"
)

// Of a file with more mistakes than anybody reads, the first are shown; and one that no
// lab has is refused before it is read.
func TestLimits(t *testing.T) {
	_, err := Parse("lab.yaml", []byte(numbered("unknown%d: 1\n", 80)), catalogue.Catalogue{})
	if err == nil || strings.Count(err.Error(), "lab.yaml:") != mostShown || !strings.HasSuffix(err.Error(), "\nand more") {
		t.Errorf("%v", err)
	}
	path, large := filepath.Join(t.TempDir(), "lab.yaml"), make([]byte, largestFile+1)
	if err := os.WriteFile(path, large, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func() (*Matrix, error){
		"a file":          func() (*Matrix, error) { return Load(path, catalogue.Catalogue{}) },
		"a commit's file": func() (*Matrix, error) { return Parse("of a commit", large, catalogue.Catalogue{}) },
	} {
		if _, err := read(); err == nil || !strings.HasSuffix(err.Error(), ":1:1: the file has more than 1048576 bytes") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Long lists are refused before they are read, and a message has a part of them.
func TestLongLists(t *testing.T) {
	models := func(n int) string { return "models:\n" + numbered("  m%d:\n", n) }
	const lab = "default_node: n1\nnodes: {n1: }\nfigures: {own: {kind: trend, x: size_b, set: s, nodes: [n1]}}\n"
	for name, test := range map[string]struct {
		text  string
		wants []string
	}{
		"models":       {models(1001), []string{"lab.yaml:5:3: models has 1001 entries, but may have 1000 at most"}},
		"sets":         {"sets:\n" + numbered("  s%d: {models: [m]}\n", 1001), []string{"sets has 1001 entries"}},
		"environments": {"environments:\n" + numbered("  e%d: {}\n", 1001), []string{"environments has 1001 entries"}},
		"values": {
			"models: {m: }\nsets: {s: {models: [m], arguments: {a: [" + numbered("%d, ", 201) + "]}}}\n",
			[]string{"a has 201 entries, but may have 200 at most"},
		},
		"models of a set": {
			models(201) + "sets: {s: {models: [" + numbered("m%d, ", 201) + "]}}\n",
			[]string{"models has 201 entries, but may have 200 at most"},
		},
		"unknown names of many": {
			models(1000) + "sets:\n" + numbered("  s%d: {models: [nothing-at-all]}\n", 1000),
			[]string{`there is no model "nothing-at-all"; the models are m0, m1, `, ", m18, m19 and 980 more\n", "\nand more"},
		},
		"a name as long as a file": {
			models(1000) + "sets: {s: {models: [" + strings.Repeat("m", 100_000) + "]}}\n",
			[]string{`"; the models are m0, m1, `},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("lab.yaml", []byte(lab+test.text), catalogue.Catalogue{})
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range test.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%.2000s\nlacks %s", err, want)
				}
			}
			if n := strings.Count(err.Error(), "lab.yaml:"); n > mostShown {
				t.Errorf("%d mistakes are told", n)
			}
		})
	}
}

// numbered is a text for each number below n.
func numbered(format string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, format, i)
	}
	return text.String()
}
