package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/result"
	"coldstart/runner/engine"
	"coldstart/runner/environment"
)

// one is a start of a configuration of figure 7 on GPU 1 of n1.
func one() engine.Run {
	configuration := &result.Configuration{
		ID: "yi-6b_max-model-len_4096", Model: "yi-6b", Release: "0.10.1.1",
		Args:      []result.Arg{{Name: "max-model-len", Value: "4096"}, {Name: "enforce-eager"}},
		Variables: map[string]string{"OF": "configuration"},
	}
	set := &result.Set{
		Name: "models", Configurations: []result.Configuration{*configuration},
		Variables: map[string]string{"OF": "set", "OF_SET": "1"},
	}
	return engine.Run{Set: set, Configuration: configuration, Node: "n1", GPU: "1", Iteration: 3}
}

// in is a maker whose models lie in a directory.
func in(dir string, words ...string) *Maker {
	return &Maker{
		Words: words, Models: dir, LogSettings: "/settings.json",
		Variables: map[string]string{"OF": "engine", "OF_ENGINE": "1"},
	}
}

// Model and arguments follow the command's own, and variables say what to start. The
// configuration's variables win over the set's, and those over the engine's.
func TestCommand(t *testing.T) {
	c, err := in("/models", "podman", "run", "engine").Command(one())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"podman", "run", "engine", "--model", "/models/yi-6b", "--max-model-len", "4096", "--enforce-eager"}
	if diff := cmp.Diff(want, c.Args); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	var own []string
	for _, variable := range c.Env {
		if !slices.Contains(os.Environ(), variable) {
			own = append(own, variable)
		}
	}
	slices.Sort(own)
	want = []string{
		"COLDSTART_CONFIGURATION=yi-6b_max-model-len_4096", "COLDSTART_ITERATION=3", "COLDSTART_NODE=n1",
		"COLDSTART_RELEASE=0.10.1.1", "COLDSTART_SET=models", "CUDA_DEVICE_ORDER=PCI_BUS_ID", "CUDA_VISIBLE_DEVICES=1",
		"OF=configuration", "OF_ENGINE=1", "OF_SET=1", "VLLM_LOGGING_CONFIG_PATH=/settings.json",
	}
	if diff := cmp.Diff(want, own); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
}

// In an environment, its programs come first and its variables are set, below the engine's.
// The lab's arguments come last.
func TestCommandInAnEnvironment(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "venv", "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "podman"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	installed := &environment.Installed{
		Environment: environment.Environment{Name: "wrapper", Variables: map[string]string{"OF": "environment", "OF_ENVIRONMENT": "1"}},
		Record:      &environment.Record{Environment: environment.Environment{Name: "wrapper"}, Python: "3.12.1", SHA256: "abc"}, Dir: dir,
	}
	m := in("", "podman", "run")
	m.Arguments, m.Environment = []string{"--last"}, func() (*environment.Installed, error) { return installed, nil }
	if err := m.Check(one().Set, "n1"); err != nil {
		t.Fatal(err)
	}
	c, err := m.Command(one())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(bin, "podman"), "run", "--model", "yi-6b", "--max-model-len", "4096", "--enforce-eager", "--last"}
	if diff := cmp.Diff(want, c.Args); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
	for _, setting := range []string{"VIRTUAL_ENV=" + filepath.Join(dir, "venv"), "OF=configuration", "OF_ENVIRONMENT=1", "OF_ENGINE=1"} {
		if !slices.Contains(c.Env, setting) {
			t.Errorf("%s is missing", setting)
		}
	}
	origin, err := m.Origin(one())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"OF": "engine", "OF_ENVIRONMENT": "1", "OF_ENGINE": "1"}, origin.Variables); diff != "" || origin.Environment.Python != "3.12.1" || !slices.Contains(origin.Command, "--last") {
		t.Errorf("origin %+v, variables (-want +got):\n%s", origin, diff)
	}
}

// A missing program or model is an error before the first run. Models in an unknown
// directory are not checked.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		maker *Maker
		want  string // empty for no error
	}{
		{in("", "sh"), ""},
		{in("", "no-such-program"), "cannot start the engine's command: "},
		{in(dir, "sh"), filepath.Join(dir, "yi-6b")},
	} {
		err := test.maker.Check(one().Set, "n1")
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: error %v, want %q", test.maker.Words, err, test.want)
		}
	}
	served := *one().Set
	served.Start = result.Serve
	if err := in("", "sh").Check(&served, "n1"); err == nil || !strings.HasPrefix(err.Error(), "sh cannot be started with --start serve") {
		t.Errorf("a set that serves: %v", err)
	}
}

// Runs of a changed program or of another model have another origin.
func TestOrigin(t *testing.T) {
	dir := t.TempDir()
	program, weights := filepath.Join(dir, "engine"), filepath.Join(dir, "models", "yi-6b", "model.safetensors")
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	origin := func() *engine.Origin {
		t.Helper()
		found, err := in(filepath.Join(dir, "models"), program, "--fast").Origin(one())
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	write(program, "#!/bin/sh\n")
	write(weights, "weights")
	first := origin()
	if diff := cmp.Diff([]string{program, "--fast"}, first.Command); diff != "" || first.StandIn {
		t.Errorf("stand-in %t, command (-want +got):\n%s", first.StandIn, diff)
	}
	if diff := cmp.Diff(first, origin()); diff != "" {
		t.Errorf("the same start has another origin:\n%s", diff)
	}
	write(program, "#!/bin/sh\nexec engine\n")
	second := origin()
	if second.Program == first.Program || second.Model != first.Model {
		t.Errorf("another program: %+v, before %+v", second, first)
	}
	write(weights, "other weights")
	if third := origin(); third.Program != second.Program || third.Model == second.Model {
		t.Errorf("another model: %+v, before %+v", third, second)
	}
}
