package environment

import (
	"cmp"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"coldstart/runner/process"
)

// nvccLimit is how long nvcc may take to print its release: some 10 ms, or seconds if it
// comes over a network. A test shortens it.
var nvccLimit = 4 * time.Second

// usualCUDA is where PyTorch takes CUDA to be if nothing says otherwise.
const usualCUDA = "/usr/local/cuda"

// cudaHome is the directory of CUDA as PyTorch finds it (_find_cuda_home in
// torch/utils/cpp_extension.py of 2.7.1), by the variables of a process. places are where that
// looks for bin/nvcc.
func cudaHome(of map[string]string) (home, places string) {
	if home := cmp.Or(of["CUDA_HOME"], of["CUDA_PATH"]); home != "" {
		return home, filepath.Join(home, "bin")
	}
	for _, dir := range filepath.SplitList(of["PATH"]) {
		if nvcc := filepath.Join(dir, "nvcc"); isProgram(nvcc) {
			home := filepath.Dir(filepath.Dir(nvcc))
			return home, filepath.Join(home, "bin")
		}
	}
	return usualCUDA, "PATH or " + usualCUDA + "/bin"
}

// printedRelease is in nvcc's line "Cuda compilation tools, release 13.0, V13.0.88".
var printedRelease = regexp.MustCompile(`\brelease (\d+\.\d+)\b`)

// cudaRelease is the release of CUDA that an nvcc is from, such as "13.0"; empty if it does not
// say it. Each nvcc is asked once.
func (c *Checker) cudaRelease(nvcc string, env []string) string {
	if known, asked := c.releases[nvcc]; asked {
		return known
	}
	program := process.Program{
		Args: []string{nvcc, "--version"}, Env: env, Errors: io.Discard, Limit: nvccLimit, Grace: 200 * time.Millisecond,
	}
	said, _ := program.Output(context.Background())
	if c.releases == nil {
		c.releases = map[string]string{}
	}
	if found := printedRelease.FindSubmatch(said); found != nil {
		c.releases[nvcc] = string(found[1])
	} else {
		c.releases[nvcc] = ""
	}
	return c.releases[nvcc]
}

// named are variables by name; the last one of a name wins.
func named(env []string) map[string]string {
	all := map[string]string{}
	for _, setting := range env {
		name, value, _ := strings.Cut(setting, "=")
		all[name] = value
	}
	return all
}

// isProgram tells whether a path is that of a file that someone may run.
func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
