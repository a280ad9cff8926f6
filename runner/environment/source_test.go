package environment

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/reports/testkit"
	"coldstart/runner/revision"
	"coldstart/runner/revision/repotest"
)

// tiny is a repository with a package that builds itself, beside the lab's directory. It
// returns the environments of two of its commits; the second has another module.
func tiny(t *testing.T) (first, second Environment) {
	t.Helper()
	from := filepath.Join("..", "..", ".ci", "act", "tiny")
	files := map[string]string{"labs/hardware-matrix.yaml": ""}
	for _, name := range []string{"pyproject.toml", "backend.py", "tiny/__init__.py", "tiny/engine.py", "tiny/model.py"} {
		text, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		files["below/"+name] = string(text)
	}
	r := repotest.New(t)
	of := func(commit string) Environment {
		return Environment{
			Name: "tiny", Python: python(t), Source: "below", BuildVariables: map[string]string{"TINY_TOKEN": "sekrit"},
			Commit: revision.Commit(commit), Repository: revision.Repository{Dir: filepath.Join(r.Dir, "labs")},
		}
	}
	first = of(r.Commit(files))
	second = of(r.Commit(map[string]string{"below/tiny/model.py": "WEIGHTS = 0.9\n"}))
	testkit.WriteFiles(t, r.Dir, map[string]string{"below/tiny/model.py": "WEIGHTS = 'not committed'\n"})
	return first, second
}

// The source is built as it is in the commit, once for each commit, and nothing of it stays
// but the packages.
func TestSetupFromSource(t *testing.T) {
	realUV(t)
	store := Store{Dir: filepath.Join(t.TempDir(), "a space, ö and 100%")}
	first, second := tiny(t)
	for _, test := range []struct {
		of   Environment
		want string
	}{{first, "0.3"}, {second, "0.9"}} {
		made, err := store.Setup(t.Context(), test.of, Options{})
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(made.Python(), "-c", "from tiny import model; print(model.WEIGHTS)").CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != test.want {
			t.Errorf("%v, WEIGHTS %s, want %s", err, out, test.want)
		}
		if p := made.Record.Packages; len(p) != 1 || p[0].Name != "tiny" || p[0].Source != "commit "+test.of.Commit.Short() {
			t.Errorf("packages %+v", p)
		}
		if made.Record.Code["tiny"] == "" || len(made.Record.Environment.BuildVariables) != 1 || made.Record.Environment.BuildVariables["TINY_TOKEN"] == "sekrit" {
			t.Errorf("record %+v", made.Record)
		}
		if _, err := os.Stat(sourceOf(made.Dir)); err == nil {
			t.Error("the source is still there")
		}
		again, err := store.Setup(t.Context(), test.of, Options{Progress: func(line string) { t.Errorf("made again: %s", line) }})
		if err != nil || again.Dir != made.Dir {
			t.Errorf("%v: %s, want %s", err, again.Dir, made.Dir)
		}
	}
}

// A source that the commit does not have is told in one line.
func TestSetupFromNoSource(t *testing.T) {
	fakeUV(t)
	without, _ := tiny(t)
	without.Source = "labs/below"
	_, err := Store{Dir: t.TempDir()}.Setup(t.Context(), without, Options{})
	want := "environment tiny: source: commit " + without.Commit.Short() +
		" has no directory labs/below below the top of the repository"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// uv writes the path of what it builds as a URL.
func TestIsBelow(t *testing.T) {
	for _, test := range []struct {
		source, dir string
		want        bool
	}{
		{"file:///envs/own/source", "/envs/own/source", true},
		{"file:///envs/own/source/below", "/envs/own/source", true},
		{"file:///my%20envs/%C3%B6/source", "/my envs/ö/source", true},
		{"file:///100%25/source", "/100%/source", true},
		{"file:///envs/own/sources", "/envs/own/source", false},
		{"file:///a.whl", "/envs/own/source", false},
		{"https://localhost/envs/own/source", "/envs/own/source", false},
		{"", "/envs/own/source", false},
	} {
		if got := isBelow(test.source, test.dir); got != test.want {
			t.Errorf("%q below %s: %t", test.source, test.dir, got)
		}
	}
}

// What was built from a commit is removed when nobody has used it for a while. Other
// environments stay.
func TestUnusedAreRemoved(t *testing.T) {
	fakeUV(t)
	store := Store{Dir: t.TempDir()}
	kept := map[string]bool{"made-from-packages": true, "in-use": true, "left": false}
	for name := range kept {
		commit := revision.Commit(strings.Repeat("a", 40))
		if name == "made-from-packages" {
			commit = ""
		}
		dir := filepath.Join(store.Dir, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		record := &Record{Schema: recordSchema, Environment: Environment{Name: name, Commit: commit}}
		if err := record.write(dir); err != nil {
			t.Fatal(err)
		}
		used := time.Now().Add(-unusedFor - time.Hour)
		if name == "in-use" {
			used = time.Now()
		}
		if err := os.Chtimes(filepath.Join(dir, recordFile), used, used); err != nil {
			t.Fatal(err)
		}
	}
	store.removeUnused(func(string) {})
	for name, want := range kept {
		if _, err := os.Stat(filepath.Join(store.Dir, name)); (err == nil) != want {
			t.Errorf("%s: %v, kept %t", name, err, want)
		}
	}
}
