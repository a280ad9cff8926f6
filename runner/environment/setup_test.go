package environment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/runner/lock"
)

// sample uses every key of a declaration: "one" requires "two", whose version is overridden,
// and "three" requires a package that no index has.
func sample(index *fakeIndex) Environment {
	return Environment{
		Name: "sample", Python: "3.11", Index: index.url(),
		Packages: []string{"one==1.0", `one==2.0; python_version < "3"`}, NoDeps: []string{"three==3.0"}, Overrides: []string{"two==1.5"},
		Check: "import one, two, three, os; assert os.environ['X'] == '1'", Variables: map[string]string{"X": "1", "X_TOKEN": "sekrit"},
	}
}

func sampleIndex(t *testing.T) *fakeIndex {
	return newIndex(t, "one 1.0 two>=2", "one 2.0", "two 1.5", "two 2.0", "three 3.0 nowhere==1")
}

func versions(packages []result.Package) (all []string) {
	for _, p := range packages {
		all = append(all, p.Name+" "+p.Version)
	}
	return all
}

// The real uv installs what is declared.
func TestSetup(t *testing.T) {
	realUV(t)
	index := sampleIndex(t)
	store, e := Store{Dir: filepath.Join(t.TempDir(), "below")}, sample(index)
	e.Python = python(t)
	if _, err := store.Open(e); !errors.Is(err, ErrNotSetUp) || !strings.Contains(err.Error(), "coldstart setup --environment sample") {
		t.Errorf("before: %v", err)
	}
	made, err := store.Setup(t.Context(), e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"one 1.0", "three 3.0", "two 1.5"}, versions(made.Record.Packages)); diff != "" {
		t.Errorf("packages (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(made.Record.Tool, "uv ") || !strings.HasPrefix(made.Record.Python, e.Python+".") || len(made.Record.SHA256) != 64 {
		t.Errorf("record %+v", made.Record)
	}
	if kept, err := os.ReadFile(filepath.Join(made.Dir, recordFile)); err != nil || strings.Contains(string(kept), "sekrit") {
		t.Errorf("%v, a secret was kept:\n%s", err, kept)
	}
	if out, err := exec.Command(made.Python(), "-c", "import one, two, three").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}

	index.Close() // it is not needed again
	again, err := store.Setup(t.Context(), e, Options{Progress: func(line string) { t.Errorf("made again: %s", line) }})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made, again); diff != "" {
		t.Errorf("reused (-made +reused):\n%s", diff)
	}
}

// An incomplete environment, which has no record, is made anew.
func TestSetupAfterInterruption(t *testing.T) {
	fakeUV(t)
	index := sampleIndex(t)
	store, e := Store{Dir: t.TempDir()}, sample(index)
	made, err := store.Setup(t.Context(), e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(made.Dir, recordFile)); err != nil {
		t.Fatal(err)
	}
	stray := filepath.Join(venvOf(made.Dir), "stray")
	if err := os.WriteFile(stray, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(e); !errors.Is(err, ErrNotSetUp) {
		t.Errorf("half an environment: %v", err)
	}
	again, err := store.Setup(t.Context(), e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if again.Record.SHA256 != made.Record.SHA256 {
		t.Error("not the same environment")
	}
	if _, err := os.Stat(stray); err == nil {
		t.Error("what was left is still there")
	}
}

// An interrupted setup keeps nothing.
func TestSetupInterrupted(t *testing.T) {
	fakeUV(t)
	index := sampleIndex(t)
	ctx, cancel := context.WithCancel(t.Context())
	index.whenAsked(cancel)
	store, e := Store{Dir: t.TempDir()}, sample(index)
	_, err := store.Setup(ctx, e, Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	nothingKept(t, store, e)
}

func nothingKept(t *testing.T, store Store, e Environment) {
	t.Helper()
	if _, err := os.Stat(store.path(e)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was kept: %v", err)
	}
}

// Two processes never make the same environment at once; the commands of a killed one keep
// the lock until they end.
func TestSetupLocked(t *testing.T) {
	if dir := os.Getenv("COLDSTART_TEST_SETUP"); dir != "" { // the other process
		e := Environment{Name: "sample", Python: "3.11", Packages: []string{"one==1.0"}, Index: os.Getenv("COLDSTART_TEST_INDEX")}
		_, err := Store{Dir: dir}.Setup(t.Context(), e, Options{})
		t.Fatal(err)
	}
	fakeUV(t)
	index := newIndex(t, "one 1.0")
	begun, goOn := make(chan bool, 10), make(chan bool)
	index.whenAsked(func() { begun <- true; <-goOn })
	store := Store{Dir: t.TempDir()}
	e := Environment{Name: "sample", Python: "3.11", Packages: []string{"one==1.0"}, Index: index.url()}

	other := exec.Command(os.Args[0], "-test.run=^TestSetupLocked$")
	other.Env = append(os.Environ(), "COLDSTART_TEST_SETUP="+store.Dir, "COLDSTART_TEST_INDEX="+index.url(), stubborn+"=1")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	<-begun
	signed := fmt.Sprintf("process %d since", other.Process.Pid)
	held := func(when string, bySigner bool) {
		_, err := store.Setup(t.Context(), e, Options{})
		var inUse *lock.HeldError
		if !errors.As(err, &inUse) || strings.Contains(err.Error(), signed) != bySigner {
			t.Errorf("%s: error %v", when, err)
		}
	}
	held("while it is made", true)
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()                                // it was killed
	held("while what it started still runs", false) // that is named, and no process that has ended
	if _, err := store.Open(e); !errors.Is(err, ErrNotSetUp) {
		t.Errorf("half an environment: %v", err)
	}
	close(goOn)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		_, err := store.Setup(t.Context(), e, Options{})
		var inUse *lock.HeldError
		if err == nil {
			break
		}
		if !errors.As(err, &inUse) || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// Changes are found and named, and only undone with Renew.
func TestDrift(t *testing.T) {
	fakeUV(t)
	index := sampleIndex(t)
	store, e := Store{Dir: t.TempDir()}, sample(index)
	made, err := store.Setup(t.Context(), e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	packages := packagesOf(venvOf(made.Dir), e.Python)
	changes := []struct {
		change func() error
		fault  string
	}{
		{func() error {
			return replace(filepath.Join(packages, "one-1.0.dist-info", "METADATA"), "Version: 1.0", "Version: 1.0.post1")
		}, "one is 1.0.post1, not 1.0"},
		{func() error { return os.RemoveAll(filepath.Join(packages, "two-1.5.dist-info")) }, "two 1.5 is gone"},
		{func() error {
			return os.CopyFS(filepath.Join(packages, "Other_One-7.dist-info"), os.DirFS(filepath.Join(packages, "three-3.0.dist-info")))
		}, "three is 3.0 and 3.0, not 3.0"},
		{func() error {
			return replace(filepath.Join(packages, "Other_One-7.dist-info", "METADATA"), "Name: three", "Name: Other_One")
		}, "other-one 3.0 was added"},
	}
	for _, c := range changes {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		if err := made.Verify(); err == nil || !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: error %v", c.fault, err)
		}
	}
	if _, err := store.Setup(t.Context(), e, Options{}); err == nil || !strings.Contains(err.Error(), "--environment sample --renew") {
		t.Errorf("set up again: %v", err)
	}
	again, err := store.Setup(t.Context(), e, Options{Renew: true})
	if err != nil {
		t.Fatal(err)
	}
	if again.Record.SHA256 != made.Record.SHA256 {
		t.Error("not as it was")
	}
}

// Edited code is found and named; files that Python or a package adds later are no change.
func TestEdited(t *testing.T) {
	fakeUV(t)
	index := sampleIndex(t)
	store, e := Store{Dir: t.TempDir()}, sample(index)
	made, err := store.Setup(t.Context(), e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	packages := packagesOf(venvOf(made.Dir), e.Python)
	for _, name := range []string{"one.pyc", "generated.py"} {
		if err := os.WriteFile(filepath.Join(packages, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := made.Verify(); err != nil {
		t.Errorf("a new file: %v", err)
	}
	if err := os.WriteFile(filepath.Join(packages, "one.py"), []byte("print('debugging')\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const want = "files of one were changed (the newest is one.py, of "
	if err := made.Verify(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
	if _, err := store.Setup(t.Context(), e, Options{}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("set up again: %v", err)
	}
	if err := os.Remove(filepath.Join(packages, "one.py")); err != nil {
		t.Fatal(err)
	}
	if err := made.Verify(); err == nil || !strings.Contains(err.Error(), "files of one were changed") {
		t.Errorf("a file is gone: %v", err)
	}
}

func replace(path, old, new string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	_ = os.Remove(path) // uv links files to those of its cache
	return os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644)
}

// A missing Python is found, as after an upgrade of the system.
func TestPythonGone(t *testing.T) {
	fakeUV(t)
	index := sampleIndex(t)
	made, err := Store{Dir: t.TempDir()}.Setup(t.Context(), sample(index), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(made.Python()); err != nil {
		t.Fatal(err)
	}
	if err := made.Verify(); err == nil || !strings.Contains(err.Error(), "its Python is gone") {
		t.Errorf("error %v", err)
	}
}

// A setup that fails gives the cause and a remedy, and keeps nothing.
func TestSetupFails(t *testing.T) {
	tests := []struct {
		name   string
		change func(e *Environment)
		want   string
	}{
		{"index out of reach", func(e *Environment) { e.Index = outOfReach }, "cannot reach the package index: connect this machine, or set another index"},
		{"no such version", func(e *Environment) { e.Packages = []string{"one==9"} }, "the package index cannot satisfy its requirements"},
		{"no such Python", func(e *Environment) { e.Python = "3.99" }, "its Python is not on this machine"},
		{"check fails", func(e *Environment) { e.Check = "raise" }, "bin/python -c raise' failed (exit status 1):\n    it raises"},
		{"something else", func(e *Environment) { e.Packages = []string{"other==1.0"} }, "uv 0.0 did not install what was declared: other is 1.1, not 1.0"},
	}
	fakeUV(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store, e := Store{Dir: t.TempDir()}, sample(sampleIndex(t))
			test.change(&e)
			_, err := store.Setup(t.Context(), e, Options{})
			fails(t, err, test.want)
			nothingKept(t, store, e)
		})
	}
}

func fails(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "environment sample: ") {
		t.Errorf("error %v\nwant %q", err, want)
	}
}

// The output of the real uv is recognized.
func TestIndexOutOfReach(t *testing.T) {
	realUV(t)
	store, e := Store{Dir: t.TempDir()}, sample(sampleIndex(t))
	e.Index, e.Python = outOfReach, python(t)
	_, err := store.Setup(t.Context(), e, Options{})
	fails(t, err, "cannot reach the package index")
	nothingKept(t, store, e)
}

// Causes are recognized in the output of uv, pip and the system.
func TestCauses(t *testing.T) {
	tests := map[string]string{
		"error: Failed to install: torch\n  Caused by: No space left on device (os error 28)":                            "the disk is full",
		"ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device":                        "the disk is full",
		"ERROR: Could not find a version that satisfies the requirement x\nWARNING: Retrying: NewConnectionError":        "cannot reach the package index",
		"error: Request failed after 3 retries\n  Caused by: Failed to fetch: `http://host/simple/x/`":                   "cannot reach the package index",
		"ERROR: No matching distribution found for x==9":                                                                 "the package index cannot satisfy",
		"error: No interpreter found for Python 3.99 in managed installations or search path":                            "its Python is not on this machine",
		"The virtual environment was not created successfully because ensurepip is not available.  On Debian/Ubuntu ...": "python3 lacks its venv module with pip: install them",
		"something never heard of": "a command failed",
	}
	for output, want := range tests {
		err := explain([]string{"uv", "pip", "install", "x"}, strings.Split(output, "\n"), errors.New("exit status 1"))
		for _, part := range []string{want, "nothing was kept", "'uv pip install' failed (exit status 1):\n    " + strings.Split(output, "\n")[0]} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q: %v lacks %q", output, err, part)
			}
		}
	}
}

func TestDirectoryCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Store{Dir: filepath.Join(file, "below")}.Setup(t.Context(), Catalogue()[0], Options{})
	if err == nil || !strings.Contains(err.Error(), "choose another with --dir") {
		t.Errorf("error %v", err)
	}
}
