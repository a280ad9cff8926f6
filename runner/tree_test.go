package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"coldstart/reports"
	"coldstart/runner/lab"
)

// odd are values that a result tree may have where coldstart did not write them.
var odd = []any{
	nil, "", "..", "../../evil", "figure2-n1", "n1", "stack", "ratio", "heatmap", "\x1b[31m", "# not a heading",
	0, 1, -1, 2, 1e308, -1e308, 1 << 53, 0.5, true, []any{}, map[string]any{}, []any{nil}, map[string]any{"": "n1"},
}

// FuzzTree changes results, as any job of a run can that uploads artifacts.
func FuzzTree(f *testing.F) {
	for seed := range uint64(12) {
		f.Add(seed)
	}
	tree := newResultTree(f)
	f.Fuzz(func(t *testing.T, seed uint64) { tree.attack(t, seed) })
}

// resultTree is a whole session's results.
type resultTree struct {
	root      string
	documents []string // the plan and the cells
}

func newResultTree(t testing.TB) *resultTree {
	t.Helper()
	tree := &resultTree{root: t.TempDir()}
	if got := coldstart(t, "reproduce", "--iterations", "1", "--out", tree.root); got.code != exitDone {
		t.Fatal(got.err)
	}
	for _, name := range names(t, tree.root) {
		if base := filepath.Base(name); base == "plan.json" || base == "cell.json" {
			tree.documents = append(tree.documents, filepath.Join(tree.root, name))
		}
	}
	return tree
}

// attack changes one to three values for a while. Whatever they become, the report is
// written as a whole or not at all, and nothing is written beside it.
func (tree *resultTree) attack(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 0))
	path := filepath.Join(tree.root, "plan.json") // as often as all cells
	if random.IntN(2) > 0 {
		path = tree.documents[random.IntN(len(tree.documents))]
	}
	restore := disturb(t, path, random)
	defer restore()
	results, _, err := lab.Results(tree.root, "")
	if err != nil {
		return
	}
	around := t.TempDir()
	report, err := reports.New(t.Context(), results, nil)
	if err == nil {
		err = report.Write(t.Context(), filepath.Join(around, "report"))
	}
	half := 0
	for _, entry := range must(os.ReadDir(around)) {
		if entry.Name() != "report" || err != nil {
			t.Logf("%s was left: %v", entry.Name(), err)
			half++
		}
	}
	expectLost(t, half)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// disturb changes one to three values of a JSON document, until restore.
func disturb(t *testing.T, path string, random *rand.Rand) (restore func()) {
	t.Helper()
	text := must(os.ReadFile(path))
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	var said []string
	for range 1 + random.IntN(3) {
		said = append(said, change(document, random))
	}
	t.Log(path, said)
	if err := os.WriteFile(path, must(json.Marshal(document)), 0o644); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// change replaces a value somewhere in a list or an object, and says which.
func change(in any, random *rand.Rand) string {
	var key string
	var value any
	var set func(any)
	switch in := in.(type) {
	case map[string]any:
		if len(in) == 0 {
			return "nothing"
		}
		keys := slices.Sorted(maps.Keys(in))
		key = keys[random.IntN(len(keys))]
		value, set = in[key], func(other any) { in[key] = other }
	case []any:
		if len(in) == 0 {
			return "nothing"
		}
		at := random.IntN(len(in))
		key, value, set = fmt.Sprint(at), in[at], func(other any) { in[at] = other }
	default:
		return "nothing"
	}
	switch value.(type) {
	case map[string]any, []any:
		if random.IntN(8) > 0 {
			return key + "." + change(value, random)
		}
	}
	other := odd[random.IntN(len(odd))]
	set(other)
	return fmt.Sprintf("%s = %#v", key, other)
}
