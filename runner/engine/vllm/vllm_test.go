package vllm

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The Python tests of plugin and launcher pass.
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
	if err := layDown(dir); err != nil {
		t.Fatal(err)
	}
	written, module := info(t, filepath.Join(dir, launcher)), filepath.Join(dir, plugin, "coldstart_profiling.py")
	for _, name := range []string{"METADATA", "entry_points.txt"} {
		info(t, filepath.Join(dir, plugin, "coldstart_profiling-1.dist-info", name))
	}
	if text, err := os.ReadFile(filepath.Join(dir, settings)); err != nil || !strings.Contains(string(text), "coldstart_logging.Formatter") {
		t.Errorf("log settings without the formatter: %s, %v", text, err)
	}
	info(t, filepath.Join(dir, plugin, "coldstart_logging.py"))
	if err := os.WriteFile(module, []byte("of another release"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := layDown(dir); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(module); !strings.Contains(string(text), "def register()") {
		t.Error("another release's plugin was not replaced")
	}
	if !os.SameFile(written, info(t, filepath.Join(dir, launcher))) {
		t.Error("an equal file was written again")
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
	if err := layDown(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v", err)
	}
}
