package vllm

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/runner/environment"
)

// The plugin and the launcher, in their own tests.
func TestPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("skipped: there is no python3 to run the plugin's tests with: %v", err)
	}
	if err := exec.Command(python, "-c", "import sys; sys.exit(sys.version_info < (3, 10))").Run(); err != nil {
		t.Skipf("skipped: the plugin's tests need Python 3.10 or later: %v", err)
	}
	cmd := exec.Command(python, "-B", "-m", "unittest", "test_plugin")
	cmd.Dir = "python"
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func TestLayDown(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "engine")
	files, err := LayDown(dir)
	if err != nil {
		t.Fatal(err)
	}
	written := info(t, files.Launcher)
	for _, path := range []string{
		filepath.Join(files.Plugin, "coldstart_profiling.py"),
		filepath.Join(files.Plugin, "coldstart_profiling-1.dist-info", "METADATA"),
		filepath.Join(files.Plugin, "coldstart_profiling-1.dist-info", "entry_points.txt"),
	} {
		info(t, path)
	}
	if err := os.WriteFile(filepath.Join(files.Plugin, "coldstart_profiling.py"), []byte("of another release"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LayDown(dir); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(files.Plugin, "coldstart_profiling.py")); !strings.Contains(string(text), "def register()") {
		t.Error("another release's plugin was left")
	}
	if !os.SameFile(written, info(t, files.Launcher)) {
		t.Error("a file was written again that was there")
	}
}

func info(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestLayDownSaysWhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LayDown(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v", err)
	}
}

func testStart() start {
	return start{
		Environment: &environment.Installed{Dir: "/e", Environment: environment.Environment{Variables: map[string]string{"A": "1", "PYTHONPATH": "/own"}}},
		Files:       Files{Launcher: "/c/launcher.py", Plugin: "/c/plugin"},
		Model:       "/m/qwen-4b",
	}
}

func TestCommand(t *testing.T) {
	s := testStart()
	s.Args = []result.Arg{
		{Name: "max-model-len", Value: "16752"}, {Name: "no-enable-prefix-caching"}, {Name: "cuda-graph-sizes", Value: "1 2 4"},
		{Name: "model-loader-extra-config", Value: `{"a": 1}`},
	}
	want := []string{
		"/e/venv/bin/python", "/c/launcher.py", "--model", "/m/qwen-4b",
		"--max-model-len", "16752", "--no-enable-prefix-caching", "--cuda-graph-sizes", "1", "2", "4",
		"--model-loader-extra-config", `{"a": 1}`,
	}
	if diff := cmp.Diff(want, s.command()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Python sees the plugin before anything else, whatever the environment adds, and
// vLLM loads it even where it is told which plugins to load.
func TestEnviron(t *testing.T) {
	t.Setenv("PYTHONPATH", "/elsewhere")
	s := testStart()
	s.Variables = map[string]string{"A": "2", "VLLM_PLUGINS": "lora"}
	got := s.environ()
	for _, want := range []string{"PYTHONPATH=/c/plugin:/own", "A=2", "VLLM_PLUGINS=coldstart_profiling,lora"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if i := slices.Index(got, "A=1"); i >= 0 {
		t.Error("a variable is there twice")
	}
}
