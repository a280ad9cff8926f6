//go:build vllm

package vllm

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"coldstart/reports/phase"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// environmentsDir names a directory of environments that is reused, so that cpu
// need not be made for every test.
const environmentsDir = "COLDSTART_ENVIRONMENTS"

// neededDisk is what the environment and the cache of what makes it take, bytes.
const neededDisk = 15 << 30

// The real vLLM, of the paper's release, starts on a machine without a GPU, and
// its log tells what the plugin adds.
func TestColdStart(t *testing.T) {
	installed := cpuEnvironment(t)
	lines := strings.Split(string(start(t, installed)), "\n")
	log, err := phase.Read(strings.NewReader(strings.Join(lines, "\n")), "vllm.log")
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Err(); err != nil {
		t.Fatal(err)
	}
	if log.Release != "0.10.1.1.post2" {
		t.Errorf("release %q", log.Release)
	}
	for p := range phase.All() {
		if seconds, known := log.Times.Get(p); known {
			t.Logf("%-22s %7.3f s", p, seconds)
		}
	}
	for _, p := range []phase.Phase{phase.DetectPlatform, phase.LLMImports, phase.GetModelInfo, phase.WorkerInit, phase.TokenizerInit, phase.ModelInit, phase.LoadWeights, phase.InitEngine, phase.InitializeEngine} {
		if !log.Times.Has(p) {
			t.Errorf("the log lacks %v", p)
		}
	}
	for _, p := range []phase.Phase{phase.ModelLoading, phase.TorchCompile, phase.GraphCapturing} {
		if log.Times.Has(p) {
			t.Errorf("the log has %v, which a start without a GPU has not", p)
		}
	}
	if front := one(t, lines, "Init Tokenizer took"); !regexp.MustCompile(`^INFO \d\d-\d\d \d\d:\d\d:\d\d \[llm_engine\.py:\d+\] `).MatchString(front) {
		t.Errorf("not from the front end: %q", front)
	}
	if engine := one(t, lines, "Initializing Model took"); !regexp.MustCompile(`\(EngineCore_0 pid=\d+\)\S* INFO \d\d-\d\d \d\d:\d\d:\d\d \[base_loader\.py:\d+\] `).MatchString(engine) {
		t.Errorf("not from the engine's process: %q", engine)
	}
	if strings.Contains(strings.Join(lines, "\n"), "coldstart: this vLLM has no") {
		t.Error("the plugin found something lacking")
	}
	if err := installed.Verify(); err != nil {
		t.Errorf("a start changed the environment: %v", err)
	}
}

func one(t *testing.T, lines []string, with string) (found string) {
	t.Helper()
	for _, line := range lines {
		if strings.Contains(line, with) {
			if found != "" {
				t.Errorf("%q is there twice", with)
			}
			found = line
		}
	}
	return found
}

// cpuEnvironment sets up the environment for machines without a GPU.
func cpuEnvironment(t *testing.T) *environment.Installed {
	t.Helper()
	declared, _ := environment.Catalogue().Find("cpu")
	store := environment.Store{Dir: os.Getenv(environmentsDir)}
	if store.Dir == "" {
		store.Dir = t.TempDir()
	}
	if _, err := store.Open(declared); errors.Is(err, environment.ErrNotSetUp) {
		needDisk(t, store.Dir)
	}
	begun := time.Now()
	installed, err := store.Setup(t.Context(), declared, environment.Options{Progress: func(line string) { t.Log(line) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("set up in %.1f s: %d packages, sha256 %s", time.Since(begun).Seconds(), len(installed.Record.Packages), installed.Record.SHA256)
	return installed
}

func needDisk(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		t.Fatal(err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < neededDisk {
		t.Skipf("skipped: %s has %d GB free, and the environment takes up to %d", dir, free>>30, neededDisk>>30)
	}
}

// start starts vLLM once with the tiny model and returns its log, which is kept
// where $COLDSTART_LOG says.
func start(t *testing.T, installed *environment.Installed) []byte {
	t.Helper()
	dir := t.TempDir()
	model := filepath.Join(dir, "tiny")
	if err := models.Tiny(model); err != nil {
		t.Fatal(err)
	}
	files, err := LayDown(filepath.Join(dir, "engine"))
	if err != nil {
		t.Fatal(err)
	}
	s := Start{
		Environment: installed, Files: files, Model: model,
		Variables: map[string]string{
			"VLLM_USE_V1": "1", "VLLM_LOGGING_LEVEL": "DEBUG",
			"HOME": dir, "TORCHINDUCTOR_CACHE_DIR": filepath.Join(dir, "compiled"), // nothing warm
		},
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	command := s.Command()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env, cmd.Dir = s.Environ(), dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	begun := time.Now()
	log, err := cmd.CombinedOutput()
	if kept := os.Getenv("COLDSTART_LOG"); kept != "" {
		if err := os.WriteFile(kept, log, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, log[max(0, len(log)-5000):])
	}
	t.Logf("started in %.1f s", time.Since(begun).Seconds())
	return log
}
