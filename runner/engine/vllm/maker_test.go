package vllm

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/environment"
	"coldstart/runner/models"
)

// A run's command is of its model, in its environment, with the set's variables
// and the protocol's log settings; a role with a GPU sees that one alone.
func TestMakerCommand(t *testing.T) {
	dir := t.TempDir()
	m := &Maker{
		Environment: func(node string, _ *result.Configuration) (*environment.Installed, error) {
			return &environment.Installed{Environment: environment.Environment{Name: node}, Dir: dir}, nil
		},
		Files: Files{Launcher: "/e/launcher.py", Plugin: "/e/plugin"}, LogSettings: "/e/logging.json", Models: "/models", Caches: "/c",
	}
	one := 1
	command, err := m.Command(engine.Run{
		Set:           &result.Set{Variables: map[string]string{"VLLM_USE_V1": "1"}},
		Configuration: &result.Configuration{Model: "yi-6b", Directory: "yi-6b-tensorized", Args: []result.Arg{{Name: "load-format", Value: "tensorizer"}}},
		Node:          "n1", GPU: &one,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, "venv", "bin", "python"), "/e/launcher.py", "--model", "/models/yi-6b-tensorized", "--load-format", "tensorizer"}
	if !slices.Equal(command.Args, want) {
		t.Errorf("arguments %q, want %q", command.Args, want)
	}
	for _, setting := range []string{"VLLM_USE_V1=1", "VLLM_LOGGING_CONFIG_PATH=/e/logging.json", "CUDA_VISIBLE_DEVICES=1", "CUDA_DEVICE_ORDER=PCI_BUS_ID", "VLLM_CACHE_ROOT=/c/vllm", "PYTHONPATH=/e/plugin"} {
		if !slices.Contains(command.Env, setting) {
			t.Errorf("the environment lacks %s", setting)
		}
	}
}

// All that lacks for a set is told at once.
func TestMakerCheck(t *testing.T) {
	dir := t.TempDir()
	if err := models.Tiny(filepath.Join(dir, "there")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("numpy was upgraded")
	opened := 0
	m := &Maker{Models: dir, Environment: func(string, *result.Configuration) (*environment.Installed, error) {
		opened++
		return nil, broken
	}}
	set := &result.Set{Configurations: []result.Configuration{{Model: "there"}, {Model: "away"}}}
	err := m.Check(set, "n1")
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "away: no such model folder") || strings.Contains(err.Error(), "there:") || opened != 1 {
		t.Errorf("error %v, %d environments opened", err, opened)
	}
}

// A set whose variables name what the environment lacks cannot be measured.
func TestMakerCheckLooksForPackages(t *testing.T) {
	dir := t.TempDir()
	if err := models.Tiny(filepath.Join(dir, "there")); err != nil {
		t.Fatal(err)
	}
	record := &environment.Record{}
	m := &Maker{Models: dir, Environment: func(string, *result.Configuration) (*environment.Installed, error) {
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
