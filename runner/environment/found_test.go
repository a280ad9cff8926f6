package environment

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A Python that is there, in files: a program that answers, and the directories
// that it imports from.
type foundPython struct{ program, own, site, asked string }

func newPython(t *testing.T) *foundPython {
	t.Helper()
	dir := t.TempDir()
	p := &foundPython{program: filepath.Join(dir, "python3"), own: filepath.Join(dir, "own"), site: filepath.Join(dir, "site"), asked: filepath.Join(dir, "asked")}
	p.lay(t, p.own, "torch-2.11.0.dist-info/METADATA", "torch", "2.11.0+cu130")
	p.lay(t, p.own, "numpy-1.26.dist-info/METADATA", "numpy", "1.26")
	p.lay(t, p.own, "PyYAML-6.0.egg-info/PKG-INFO", "PyYAML", "6.0")
	p.lay(t, p.own, "six-1.16.egg-info", "six", "1.16")
	p.lay(t, p.site, "vllm-0.20.2.dist-info/METADATA", "vllm", "0.20.2")
	p.lay(t, p.site, "numpy-2.3.5.dist-info/METADATA", "numpy", "2.3.5")
	p.lay(t, p.site, "numpy/METADATA", "a module", "and no package")
	if err := os.Mkdir(filepath.Join(p.own, "left-1.0.dist-info"), 0o755); err != nil { // by an uninstallation
		t.Fatal(err)
	}
	p.answers(t, fmt.Sprintf(`echo "a greeting"
echo "{\"python\": \"3.12.3\", \"paths\": [\"\", \"$PYTHONPATH\", \"/none/python312.zip\", \"%s\"]}"`, p.own))
	return p
}

// answers makes the program, which counts how often it is started.
func (p *foundPython) answers(t *testing.T, script string) {
	t.Helper()
	if err := os.WriteFile(p.program, fmt.Appendf(nil, "#!/bin/sh\necho >>%s\n%s\n", p.asked, script), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (p *foundPython) lay(t *testing.T, dir, file, name, version string) {
	t.Helper()
	path := filepath.Join(dir, file)
	text := fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n", name, version)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func (p *foundPython) declared() Environment {
	return Environment{
		Name: "sample", Interpreter: p.program, Packages: []string{"vllm==0.20.2", "torch==2.11.0"},
		Variables: map[string]string{"PYTHONPATH": p.site, "X": "1"},
	}
}

// An existing environment is recorded by asking its Python once, and opened like one that
// was made.
func TestFound(t *testing.T) {
	p := newPython(t)
	store, e := Store{Dir: t.TempDir()}, p.declared()
	if _, err := store.Open(e); !errors.Is(err, ErrNotSetUp) {
		t.Errorf("before: %v", err)
	}
	found, err := store.Setup(t.Context(), e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"numpy 2.3.5", "pyyaml 6.0", "six 1.16", "torch 2.11.0+cu130", "vllm 0.20.2"}
	if diff := cmp.Diff(want, versions(found.Record.Packages)); diff != "" {
		t.Errorf("packages (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{p.site, p.own}, found.Record.Found.Paths); diff != "" || found.Record.Python != "3.12.3" || found.Record.Tool != "" || len(found.Record.SHA256) != 64 {
		t.Errorf("paths (-want +got):\n%s\nrecord %+v", diff, found.Record)
	}
	variables := found.Variables(nil)
	for _, setting := range []string{"PYTHONPATH=" + p.site, "PATH=" + filepath.Dir(p.program) + ":" + os.Getenv("PATH")} {
		if !slices.Contains(variables, setting) {
			t.Errorf("its processes lack %s", setting)
		}
	}
	if found.Python() != p.program || slices.ContainsFunc(variables, func(s string) bool { return strings.HasPrefix(s, "VIRTUAL_ENV=") }) {
		t.Errorf("program %s with %v", found.Python(), variables)
	}
	again, err := store.Setup(t.Context(), e, Options{Progress: func(line string) { t.Errorf("found again: %s", line) }})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(found, again); diff != "" {
		t.Errorf("opened (-found +opened):\n%s", diff)
	}
	if err := again.Verify(); err != nil {
		t.Error(err)
	}
	if times, _ := os.ReadFile(p.asked); len(times) != 1 {
		t.Errorf("its Python was started %d times", len(times))
	}
}

// The variables that lead Python to packages are part of an existing environment; the
// others are only set in its processes.
func TestFoundElsewhere(t *testing.T) {
	p := newPython(t)
	store, e := Store{Dir: t.TempDir()}, p.declared()
	if _, err := store.Setup(t.Context(), e, Options{}); err != nil {
		t.Fatal(err)
	}
	e.Variables = map[string]string{"PYTHONPATH": p.site, "X": "2"}
	if opened, err := store.Open(e); err != nil || !slices.Contains(opened.Variables(nil), "X=2") {
		t.Errorf("another process: %v", err)
	}
	e.Variables["PYTHONPATH"] = p.own
	if _, err := store.Open(e); !errors.Is(err, ErrNotSetUp) {
		t.Errorf("other packages: %v", err)
	}
}

// Changes of an existing environment are found and named.
func TestFoundDrift(t *testing.T) {
	tests := []struct {
		name, fault string
		change      func(t *testing.T, p *foundPython)
	}{
		{"a package was added", "triton 3.6.0 was added", func(t *testing.T, p *foundPython) {
			p.lay(t, p.own, "triton-3.6.0.dist-info/METADATA", "triton", "3.6.0")
		}},
		{"a package is hidden", "torch is 2.12.0, not 2.11.0+cu130", func(t *testing.T, p *foundPython) {
			p.lay(t, p.site, "torch-2.12.0.dist-info/METADATA", "torch", "2.12.0")
		}},
		{"another Python", "is another file than before", func(t *testing.T, p *foundPython) { p.answers(t, "echo another") }},
		{"no Python", "its Python is gone", func(t *testing.T, p *foundPython) {
			if err := os.Remove(p.program); err != nil {
				t.Fatal(err)
			}
		}},
		{"packages are gone", "site: no such file or directory", func(t *testing.T, p *foundPython) {
			if err := os.RemoveAll(p.site); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPython(t)
			store := Store{Dir: t.TempDir()}
			found, err := store.Setup(t.Context(), p.declared(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			test.change(t, p)
			err = found.Verify()
			if err == nil || !strings.Contains(err.Error(), test.fault) || !strings.Contains(err.Error(), "accept the changes with 'coldstart setup --environment sample --renew'") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// An existing environment without the declared packages is refused; nothing is installed
// in it.
func TestFoundFails(t *testing.T) {
	tests := []struct {
		name, want string
		change     func(t *testing.T, e *Environment, p *foundPython)
	}{
		{"a package is missing", "python3 has not the declared packages: triton is missing; it imports from ", func(_ *testing.T, e *Environment, _ *foundPython) { e.Packages = []string{"triton==3.6.0"} }},
		{"another version", "vllm is 0.20.2, not 0.20.1", func(_ *testing.T, e *Environment, _ *foundPython) { e.Packages = []string{"vllm==0.20.1"} }},
		{"not led there", "vllm is missing", func(_ *testing.T, e *Environment, _ *foundPython) { e.Variables = nil }},
		{"no such program", "cannot start its Python: fork/exec /none/python3: no such file or directory; set interpreter to an existing one", func(_ *testing.T, e *Environment, _ *foundPython) { e.Interpreter = "/none/python3" }},
		{"another program", `is not a Python 3: asked for its release, it answered "hello"`, func(t *testing.T, _ *Environment, p *foundPython) { p.answers(t, "echo hello") }},
		{"a broken one", "does not start (exit status 3): no module named encodings", func(t *testing.T, _ *Environment, p *foundPython) {
			p.answers(t, "echo no module named encodings >&2; exit 3")
		}},
		{"broken metadata", "METADATA: the package's name or version is missing", func(t *testing.T, _ *Environment, p *foundPython) { p.lay(t, p.own, "x-1.dist-info/METADATA", "x", "") }},
		{"check fails", "failed (exit status 4):\n    it raises", func(t *testing.T, e *Environment, p *foundPython) {
			e.Check = "raise"
			p.answers(t, fmt.Sprintf(`case "$*" in *raise) echo it raises; exit 4;; esac
echo '{"python": "3.12.3", "paths": ["%s", "%s"]}'`, p.site, p.own))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPython(t)
			store, e := Store{Dir: t.TempDir()}, p.declared()
			test.change(t, &e, p)
			_, err := store.Setup(t.Context(), e, Options{})
			fails(t, err, test.want)
			nothingKept(t, store, e)
		})
	}
}

// The real Python answers, and sees the packages in PYTHONPATH.
func TestFoundRealPython(t *testing.T) {
	program, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("skipped: there is no python3: %v", err)
	}
	p := newPython(t)
	e := p.declared()
	e.Interpreter, e.Packages, e.Check = program, []string{"vllm==0.20.2"}, "import importlib.metadata as m; assert m.version('vllm') == '0.20.2'"
	found, err := Store{Dir: t.TempDir()}.Setup(t.Context(), e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(found.Record.Python, python(t)+".") || found.Record.Found.Paths[0] != p.site {
		t.Errorf("record %+v", found.Record)
	}
}
