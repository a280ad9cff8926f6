package environment

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"coldstart/reports/phase"
)

// FlashInfer compiles its kernels when they are first used, and a start-up of vLLM samples
// once. Only the releases below are known, and nothing is said about others. Sources:
//
//	vLLM 0.10.1.1        vllm/v1/sample/ops/topk_topp_sampler.py: FlashInfer samples if it is
//	                     installed, unless VLLM_USE_FLASHINFER_SAMPLER=0
//	FlashInfer < 0.2.12  include/flashinfer/sampling.cuh: cub::Max and cub::Min, which CUDA 13
//	                     removed; 0.2.12 is the first without (pull request 1500)
//	FlashInfer >= 0.2.6  flashinfer/jit/env.py, core.py and cpp_ext.py: where compiled kernels
//	                     are kept, and by which nvcc they are made
const (
	samplingVLLM     = "0.10.1.1"
	oldestFlashInfer = "0.2.6"
	fixedFlashInfer  = "0.2.12"
	firstBroken      = "13.0" // CUDA
)

// A CompilerError says that an environment has no compiler for what its first start compiles.
type CompilerError struct {
	Environment string
	FlashInfer  string // its release
	NVCC        string // path of the nvcc that it uses; empty if there is none
	CUDA        string // release of NVCC, such as "13.0"
	Places      string // where nvcc was looked for
}

func (e *CompilerError) Error() string { return e.Lack() + ": " + e.Remedy() }

// Lack says what is compiled, and why it cannot be.
func (e *CompilerError) Lack() string {
	has := fmt.Sprintf("%s is from CUDA %s", e.NVCC, e.CUDA)
	if e.NVCC == "" {
		has = "there is none in " + e.Places
	}
	return fmt.Sprintf("environment %s compiles FlashInfer %s at its first start, which needs nvcc of CUDA 12, but %s",
		e.Environment, e.FlashInfer, has)
}

// Remedy says how to get the compiler.
func (e *CompilerError) Remedy() string {
	return "install nvcc of CUDA 12 and export CUDA_HOME with its directory, such as /usr/local/cuda-12.6"
}

func (e *CompilerError) same(other *CompilerError) bool { return *e == *other }

// compiler looks for the compiler that a start with variables needs. It returns nil if it is
// there, if none is needed, or if that is unknown. variables include the environment's own.
func (c *Checker) compiler(in *Installed, variables map[string]string) *CompilerError {
	env := in.Variables(variables)
	of := named(env)
	release := in.samplesWith(of)
	if release == "" {
		return nil
	}
	home, places := cudaHome(of)
	if of["PYTORCH_NVCC"] != "" || in.hasKernels(home, of) {
		return nil
	}
	e := &CompilerError{Environment: in.Environment.Name, FlashInfer: release, Places: places}
	program := filepath.Join(home, "bin", "nvcc")
	if !isProgram(program) {
		return e
	}
	if mends(of["NVCC_PREPEND_FLAGS"]+" "+of["NVCC_APPEND_FLAGS"]) || in.mended() {
		return nil
	}
	e.NVCC, e.CUDA = program, c.cudaRelease(program, env)
	if e.CUDA == "" || phase.CompareReleases(e.CUDA, firstBroken) < 0 {
		return nil
	}
	return e
}

// mends tells whether flags of nvcc may supply what CUDA 13 removed: those that lead to other
// files or define names. conda sets one that names the host's compiler.
func mends(flags string) bool {
	return slices.ContainsFunc(strings.Fields(flags), func(flag string) bool {
		return mending.MatchString(flag)
	})
}

var mending = regexp.MustCompile(`^(-I|-D|-isystem|-include|--include|--pre-include|--define-macro|--options-file|-optf)`)

// mended tells whether FlashInfer's sources were changed so that CUDA 13 compiles them.
func (i *Installed) mended() bool {
	text, err := os.ReadFile(filepath.Join(i.folder("flashinfer"), "data", "include", "flashinfer", "sampling.cuh"))
	return err == nil && !strings.Contains(string(text), "cub::Max")
}

// samplesWith is the release of FlashInfer that a process with these variables samples with;
// empty if it does not, or if that is unknown.
func (i *Installed) samplesWith(variables map[string]string) string {
	release := version(i.Record.Packages, "flashinfer-python")
	if phase.CompareReleases(release, oldestFlashInfer) < 0 || phase.CompareReleases(release, fixedFlashInfer) >= 0 ||
		!forCUDA(version(i.Record.Packages, "vllm")) ||
		variables["VLLM_USE_V1"] == "0" || variables["VLLM_USE_FLASHINFER_SAMPLER"] == "0" {
		return ""
	}
	return release
}

// forCUDA tells whether a release of vLLM is the known one, built for CUDA, such as
// "0.10.1.1+cu128".
func forCUDA(release string) bool {
	return release == samplingVLLM || strings.HasPrefix(release, samplingVLLM+"+cu")
}

// sampling is what FlashInfer compiles for sampling.
const sampling = "sampling/sampling.so"

// hasKernels tells whether FlashInfer's kernels for sampling are compiled: in its package, or
// in its cache by an earlier start. It is also true if the package is not found, since then
// nothing is known.
func (i *Installed) hasKernels(cudaHome string, of map[string]string) bool {
	folder := i.folder("flashinfer")
	if folder == "" || isFile(filepath.Join(folder, "data", "aot", sampling)) {
		return true
	}
	source := filepath.Join(folder, "data", "csrc", "sampling.cu")
	if behind, err := filepath.EvalSymlinks(source); err == nil {
		source = behind
	}
	base := cmp.Or(of["FLASHINFER_WORKSPACE_BASE"], of["HOME"])
	return hasCompiled(filepath.Join(base, ".cache", "flashinfer"), cudaHome, source)
}

// hasCompiled tells whether a cache of FlashInfer has kernels that were compiled by this CUDA
// from this source. Ninja compiles others anew.
func hasCompiled(cache, cudaHome, source string) bool {
	libraries, _ := fs.Glob(os.DirFS(cache), "*/cached_ops/"+sampling) // * is the GPU's architecture
	return slices.ContainsFunc(libraries, func(library string) bool {
		text, _ := os.ReadFile(filepath.Join(cache, filepath.Dir(library), "build.ninja"))
		rules := string(text)
		return strings.Contains(rules, "\ncuda_home = "+cudaHome+"\n") && strings.Contains(rules, " "+source+"\n")
	})
}

// folder is that of a module which Python imports; empty if it is not found.
func (i *Installed) folder(module string) string {
	venv := venvOf(i.Dir)
	paths, _ := fs.Glob(os.DirFS(venv), "lib/python*/site-packages")
	for n := range paths {
		paths[n] = filepath.Join(venv, paths[n])
	}
	if i.Record.Found != nil {
		paths = i.Record.Found.Paths
	}
	for _, path := range paths {
		if dir := filepath.Join(path, module); isDirectory(dir) {
			return dir
		}
	}
	return ""
}
