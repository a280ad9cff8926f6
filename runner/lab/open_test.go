package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/runner/engine/replay"
)

// The matrix is the one that is named, or the variable's, or the working directory's, or the
// paper's.
func TestOpen(t *testing.T) {
	const one = "default_node: NAME\nnodes: {NAME: {hardware: {gpu: H100}}}\nfigures: {2: {nodes: [NAME]}}\n"
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv(Variable, "")
	file := func(name, node string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.ReplaceAll(one, "NAME", node)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	first := func(step string, open func() (*Lab, error), want string) {
		t.Helper()
		l, err := open()
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		if got := l.Nodes()[0].Name; got != want {
			t.Errorf("%s: node %s, want %s", step, got, want)
		}
	}
	unnamed := func() (*Lab, error) { return Open("") }
	first("no file", unnamed, "n1")
	file(FileName, "here")
	first("a file here", unnamed, "here")
	first("a replay", func() (*Lab, error) { return For(replay.Name, "") }, "n1")
	first("a replay of a file", func() (*Lab, error) { return For(replay.Name, FileName) }, "here")
	first("vllm", func() (*Lab, error) { return For("vllm", "") }, "here")
	file("other.yaml", "other")
	t.Setenv(Variable, "other.yaml")
	first("a variable", unnamed, "other")
	first("a path", func() (*Lab, error) { return Open(FileName) }, "here")
	t.Setenv(Variable, "gone.yaml")
	if _, err := Open(""); err == nil || !strings.Contains(err.Error(), "cannot read gone.yaml") {
		t.Errorf("a file that is gone: %v", err)
	}
}

// Messages name the lab that was opened.
func TestPapersLabIsNamed(t *testing.T) {
	l, err := Papers()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Node("n9"); err == nil || err.Error() != `the paper's lab has no node "n9"; 'coldstart plan' lists them` {
		t.Errorf("error %v", err)
	}
}

// Environments are made by programs that run in other directories.
func TestStoreIsAbsolute(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, "cache"))
	t.Setenv("HOME", dir)
	for given, want := range map[string]string{
		"": "", "envs": filepath.Join(dir, "envs"), "./a/../envs": filepath.Join(dir, "envs"), "/envs": "/envs",
	} {
		store, err := (&Host{EnvironmentsDir: given}).Store()
		if err != nil || !filepath.IsAbs(store.Dir) || want != "" && store.Dir != want {
			t.Errorf("%q: %s, %v, want %s", given, store.Dir, err, want)
		}
	}
}
