package environment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/reports/result"
)

// writeFile writes a file and the directories above it.
func writeFile(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// toolkit is a directory of CUDA whose nvcc is a script.
func toolkit(t *testing.T, script string) (home string) {
	t.Helper()
	home = t.TempDir()
	writeFile(t, filepath.Join(home, "bin", "nvcc"), "#!/bin/sh\n"+script, 0o755)
	return home
}

// prints is a script for toolkit.
func prints(release string) string {
	return `[ "$*" = --version ] || exit 1
echo 'nvcc: NVIDIA (R) Cuda compiler driver'
echo 'Cuda compilation tools, release ` + release + `, V` + release + `.88'
`
}

// withFlashInfer is an environment of the paper's vLLM and a release of FlashInfer, on a
// machine where PATH leads to no nvcc and nothing was compiled yet.
func withFlashInfer(t *testing.T, release string) *Installed {
	t.Helper()
	t.Setenv("PATH", "/usr/bin/nowhere")
	t.Setenv("HOME", t.TempDir())
	for _, name := range []string{"CUDA_HOME", "CUDA_PATH", "NVCC_APPEND_FLAGS", "NVCC_PREPEND_FLAGS", "PYTORCH_NVCC", "FLASHINFER_WORKSPACE_BASE", "VLLM_USE_V1", "VLLM_USE_FLASHINFER_SAMPLER"} {
		t.Setenv(name, "")
	}
	i := &Installed{Environment: Environment{Name: "own", Variables: map[string]string{}}, Dir: t.TempDir(), Record: &Record{
		Packages: []result.Package{{Name: "flashinfer-python", Version: release}, {Name: "vllm", Version: "0.10.1.1"}},
	}}
	writeFile(t, sourceIn(i), "", 0o644)
	return i
}

// packageOf is the folder of the package flashinfer.
func packageOf(i *Installed) string {
	return filepath.Join(venvOf(i.Dir), "lib", "python3.11", "site-packages", "flashinfer")
}

// sourceIn is one of the files that the package compiles.
func sourceIn(i *Installed) string { return filepath.Join(packageOf(i), "data", "csrc", "sampling.cu") }

// compiled leaves what FlashInfer leaves when it has compiled its kernels for sampling.
func compiled(t *testing.T, base, cudaHome, source string) {
	t.Helper()
	if behind, err := filepath.EvalSymlinks(source); err == nil {
		source = behind
	}
	dir := filepath.Join(base, ".cache", "flashinfer", "90", "cached_ops", "sampling")
	writeFile(t, filepath.Join(dir, "sampling.so"), "", 0o755)
	writeFile(t, filepath.Join(dir, "build.ninja"), "name = sampling\ncuda_home = "+cudaHome+"\n\n"+
		"build sampling/sampling.cuda.o: cuda_compile "+source+"\n", 0o644)
}

// faultOf is what a set lacks; variables are its own.
func faultOf(t *testing.T, i *Installed, variables map[string]string) string {
	t.Helper()
	checker := Checker{Open: func(*result.Configuration) (*Installed, error) { return i, nil }}
	err := checker.Check(&result.Set{Variables: variables, Configurations: []result.Configuration{{ID: "a"}, {ID: "b"}}})
	if err == nil {
		return ""
	}
	return err.Error()
}

// A start that compiles FlashInfer needs an nvcc that can do it. Each row is one way in which an
// environment has it, has another one or needs none.
func TestCompiler(t *testing.T) {
	const (
		old = "environment own compiles FlashInfer 0.2.11 at its first start, which needs nvcc of CUDA 12, " +
			"but CUDA/bin/nvcc is from CUDA 13.0: "
		none = "environment own compiles FlashInfer 0.2.11 at its first start, which needs nvcc of CUDA 12, " +
			"but there is none in CUDA/bin: "
		remedy = "install nvcc of CUDA 12 and export CUDA_HOME with its directory, such as /usr/local/cuda-12.6"
		absent = "" // instead of a script: there is no nvcc
	)
	set := func(i *Installed, name, value string) { i.Environment.Variables[name] = value }
	tests := []struct {
		name       string
		flashInfer string // release
		nvcc       string // script
		change     func(t *testing.T, i *Installed, cuda string)
		want       string // CUDA is the directory of nvcc
	}{
		{"nvcc of CUDA 12", "0.2.11", prints("12.6"), nil, ""},
		{"nvcc of CUDA 13", "0.2.11", prints("13.0"), nil, old + remedy},
		{"nvcc of CUDA 13, a later build of FlashInfer", "0.2.11.post3", prints("13.0"), nil,
			strings.Replace(old, "0.2.11", "0.2.11.post3", 1) + remedy},
		{"no nvcc", "0.2.11", absent, nil, none + remedy},

		{"CUDA_PATH instead of CUDA_HOME", "0.2.11", prints("13.0"),
			func(_ *testing.T, i *Installed, cuda string) { set(i, "CUDA_HOME", ""); set(i, "CUDA_PATH", cuda) }, old + remedy},
		{"nvcc on the PATH", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, cuda string) { set(i, "CUDA_HOME", ""); t.Setenv("PATH", cuda+"/bin") }, old + remedy},
		{"nvcc of CUDA 13 on the PATH, and CUDA_HOME with 12", "0.2.11", prints("12.6"),
			func(t *testing.T, _ *Installed, _ string) { t.Setenv("PATH", toolkit(t, prints("13.0"))+"/bin") }, ""},
		{"CUDA_HOME of this process", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, cuda string) {
				delete(i.Environment.Variables, "CUDA_HOME")
				t.Setenv("CUDA_HOME", cuda)
			}, old + remedy},

		{"flags that may mend it", "0.2.11", prints("13.0"),
			func(_ *testing.T, i *Installed, _ string) { set(i, "NVCC_APPEND_FLAGS", "-include cub.h") }, ""},
		{"flags in front that may mend it", "0.2.11", prints("13.0"),
			func(_ *testing.T, i *Installed, _ string) { set(i, "NVCC_PREPEND_FLAGS", "-include cub.h") }, ""},
		{"flags that name the host's compiler", "0.2.11", prints("13.0"),
			func(_ *testing.T, i *Installed, _ string) { set(i, "NVCC_PREPEND_FLAGS", " -ccbin=/opt/bin/g++") }, old + remedy},
		{"sources that were mended", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, _ string) {
				writeFile(t, packageOf(i)+"/data/include/flashinfer/sampling.cuh", "cuda::maximum<>{}", 0o644)
			}, ""},
		{"sources as they come", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, _ string) {
				writeFile(t, packageOf(i)+"/data/include/flashinfer/sampling.cuh", "cub::Max()", 0o644)
			}, old + remedy},
		{"flags, and no nvcc", "0.2.11", absent,
			func(_ *testing.T, i *Installed, _ string) { set(i, "NVCC_APPEND_FLAGS", "-include cub.h") }, none + remedy},
		{"another nvcc", "0.2.11", absent,
			func(_ *testing.T, i *Installed, _ string) { set(i, "PYTORCH_NVCC", "ccache nvcc") }, ""},

		{"the first FlashInfer without what CUDA 13 removed", "0.2.12", prints("13.0"), nil, ""},
		{"a newer FlashInfer", "0.3.1", absent, nil, ""},
		{"a FlashInfer older than the known ones", "0.2.5", absent, nil, ""},
		{"a FlashInfer with its kernels, by its name", "0.2.11+cu128torch2.7", absent, nil, ""},
		{"no FlashInfer", "0.2.11", absent, func(_ *testing.T, i *Installed, _ string) { i.Record.Packages = i.Record.Packages[1:] }, ""},
		{"another vLLM", "0.2.11", absent, func(_ *testing.T, i *Installed, _ string) { i.Record.Packages[1].Version = "0.11.0" }, ""},
		{"a vLLM of one CUDA", "0.2.11", absent,
			func(_ *testing.T, i *Installed, _ string) { i.Record.Packages[1].Version = "0.10.1.1+cu128" }, none + remedy},
		{"a vLLM for CPUs", "0.2.11", absent, func(_ *testing.T, i *Installed, _ string) { i.Record.Packages[1].Version = "0.10.1.1+cpu" }, ""},
		{"PyTorch samples", "0.2.11", absent,
			func(_ *testing.T, i *Installed, _ string) { set(i, "VLLM_USE_FLASHINFER_SAMPLER", "0") }, ""},
		{"PyTorch samples, by a variable of this process", "0.2.11", absent,
			func(t *testing.T, _ *Installed, _ string) { t.Setenv("VLLM_USE_FLASHINFER_SAMPLER", "0") }, ""},
		{"FlashInfer samples, by request", "0.2.11", absent,
			func(_ *testing.T, i *Installed, _ string) { set(i, "VLLM_USE_FLASHINFER_SAMPLER", "1") }, none + remedy},
		{"the old engine", "0.2.11", absent, func(_ *testing.T, i *Installed, _ string) { set(i, "VLLM_USE_V1", "0") }, ""},

		{"kernels in the package", "0.2.11", absent,
			func(t *testing.T, i *Installed, _ string) {
				writeFile(t, packageOf(i)+"/data/aot/sampling/sampling.so", "", 0o755)
			}, ""},
		{"kernels in the cache", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, cuda string) { compiled(t, os.Getenv("HOME"), cuda, sourceIn(i)) }, ""},
		{"kernels in the cache, and no nvcc any more", "0.2.11", absent,
			func(t *testing.T, i *Installed, cuda string) { compiled(t, os.Getenv("HOME"), cuda, sourceIn(i)) }, ""},
		{"kernels in another cache", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, cuda string) {
				set(i, "FLASHINFER_WORKSPACE_BASE", t.TempDir())
				compiled(t, i.Environment.Variables["FLASHINFER_WORKSPACE_BASE"], cuda, sourceIn(i))
			}, ""},
		{"kernels of another CUDA in the cache", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, _ string) {
				compiled(t, os.Getenv("HOME"), "/usr/local/cuda-12.6", sourceIn(i))
			}, old + remedy},
		{"kernels of another environment in the cache", "0.2.11", prints("13.0"),
			func(t *testing.T, i *Installed, cuda string) {
				compiled(t, os.Getenv("HOME"), cuda, "/venv/flashinfer/data/csrc/sampling.cu")
			}, old + remedy},
		{"a package that is not found", "0.2.11", absent,
			func(_ *testing.T, i *Installed, _ string) { os.RemoveAll(packageOf(i)) }, ""},
		{"an existing Python", "0.2.11", prints("13.0"),
			func(_ *testing.T, i *Installed, _ string) {
				i.Environment.Interpreter = "/usr/bin/python3"
				i.Record.Found = &Found{Paths: []string{"/nowhere", filepath.Dir(packageOf(i))}}
				i.Dir = "/nowhere"
			}, old + remedy},

		{"an nvcc that fails", "0.2.11", "exit 1", nil, ""},
		{"an nvcc that says something else", "0.2.11", "echo hello", nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			i := withFlashInfer(t, test.flashInfer)
			cuda := t.TempDir()
			if test.nvcc != absent {
				cuda = toolkit(t, test.nvcc)
			}
			set(i, "CUDA_HOME", cuda)
			if test.change != nil {
				test.change(t, i, cuda)
			}
			if got := strings.ReplaceAll(faultOf(t, i, nil), cuda, "CUDA"); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// The variables of a set win over the environment's.
func TestCompilerFollowsTheSet(t *testing.T) {
	i := withFlashInfer(t, "0.2.11")
	i.Environment.Variables["CUDA_HOME"] = toolkit(t, prints("13.0"))
	if got := faultOf(t, i, map[string]string{"CUDA_HOME": toolkit(t, prints("12.6"))}); got != "" {
		t.Error(got)
	}
}

// A hung nvcc costs its limit once, and nothing is said about it.
func TestHungNVCC(t *testing.T) {
	limit := nvccLimit
	nvccLimit = 300 * time.Millisecond
	t.Cleanup(func() { nvccLimit = limit })
	i := withFlashInfer(t, "0.2.11")
	asked := filepath.Join(t.TempDir(), "asked")
	home := toolkit(t, "echo >>"+asked+"\nexec /bin/sleep 60")
	checker := Checker{
		Open:      func(*result.Configuration) (*Installed, error) { return i, nil },
		Variables: map[string]string{"CUDA_HOME": home},
	}
	set := &result.Set{Configurations: []result.Configuration{{ID: "a"}, {ID: "b"}}}
	begun := time.Now()
	for range 2 {
		if err := checker.Check(set); err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if text, _ := os.ReadFile(asked); string(text) != "\n" {
		t.Errorf("nvcc was asked %d times", len(text))
	}
}

// Without any variable, nvcc is looked for where CUDA usually is.
func TestUsualCUDA(t *testing.T) {
	home, places := cudaHome(map[string]string{"PATH": t.TempDir()})
	if home != "/usr/local/cuda" || places != "PATH or /usr/local/cuda/bin" {
		t.Errorf("%s, %s", home, places)
	}
}
