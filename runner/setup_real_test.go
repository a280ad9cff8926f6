//go:build vllm

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/runner/engine/local"
	"coldstart/runner/models"
	"coldstart/runner/paper"
)

// configure prints vLLM's configuration for each list of arguments that it is given, as
// the engine's process prints it, one a line: an empty one where the build for CPUs does
// not have what the model needs.
const configure = `
import json, sys
from vllm import EngineArgs
from vllm.utils import FlexibleArgumentParser
parser = EngineArgs.add_cli_args(FlexibleArgumentParser())
for words in json.load(sys.stdin):
    arguments = EngineArgs.from_cli_args(parser.parse_args(words))
    try:
        print("config:", arguments.create_engine_config(), flush=True)
    except NotImplementedError:
        print("config:", flush=True)
`

// ofPlatform are the fields that vLLM's build for CPUs sets otherwise on its own.
func ofPlatform(field string) bool {
	return strings.HasPrefix(field, "compilation_config.") || // it captures no graphs, and compiles otherwise
		slices.Contains([]string{"device_config", "disable_custom_all_reduce", "use_async_output_proc"}, field)
}

// The paper's release configures itself for every configuration of the catalogue as it
// did when the paper's authors recorded it: in every field that does not depend on the
// platform, for every model that coldstart can make.
func TestRealConfiguration(t *testing.T) {
	environments := roomFor(t, t.TempDir(), "cpu")
	if got := coldstart(t, "setup", "--environment", "cpu", "--dir", environments); got.code != exitDone {
		t.Fatal(got.err)
	}
	dir := t.TempDir()
	var starts [][]string
	var recorded []*paper.Measurement
	for m := range recordedOnce() {
		key := strings.TrimSuffix(m.Model, "-tensorized")
		folder := filepath.Join(dir, m.Model)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := models.Describe(folder, key, 0); err != nil {
			continue // nothing of that architecture can be made
		}
		starts = append(starts, append([]string{"--model", folder}, argumentsOf(t, m)...))
		recorded = append(recorded, m)
	}
	r := &real{environment: "cpu"}
	lines := configurations(t, r.installed(t, environments).Python(), starts)
	if len(lines) != len(starts) {
		t.Fatalf("%d configurations for %d starts", len(lines), len(starts))
	}
	compared := 0
	for i, m := range recorded {
		if lines[i] != "" {
			compared++
		}
		for _, d := range m.Setup.Differences(&phase.Setup{Config: phase.Config(lines[i])}) {
			if !ofPlatform(d.Name) {
				t.Errorf("%s: %s %s: %s was recorded as %s and is %s", m.Set, m.Model, m.Args, d.Name, d.A, d.B)
			}
		}
	}
	t.Logf("%d configurations compared, of %d that can be made", compared, len(starts))
	if compared < 30 {
		t.Errorf("only %d configurations were compared", compared)
	}
}

// recordedOnce yields one recorded run of each model with its arguments.
func recordedOnce() func(func(*paper.Measurement) bool) {
	return func(yield func(*paper.Measurement) bool) {
		seen := map[string]bool{}
		all := paper.Measurements()
		for i := range all {
			what := fmt.Sprintln(all[i].Model, all[i].Args)
			if !seen[what] && !yield(&all[i]) {
				return
			}
			seen[what] = true
		}
	}
}

// argumentsOf are the engine arguments of a recorded run, as the catalogue starts it.
func argumentsOf(t *testing.T, m *paper.Measurement) []string {
	t.Helper()
	for _, c := range paper.Sets()[m.Set].Configurations {
		words := local.Arguments(c.Args)
		if (c.Model == m.Model || c.Directory == m.Model) && strings.Join(words, " ") == m.Args {
			return words
		}
	}
	return strings.Fields(m.Args) // of the one side that was recorded without its arguments
}

func configurations(t *testing.T, python string, starts [][]string) (lines []string) {
	t.Helper()
	input, err := json.Marshal(starts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", configure)
	var failed bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &failed
	cmd.Env = append(os.Environ(), "VLLM_LOGGING_LEVEL=ERROR", "VLLM_USE_V1=1", "HF_HUB_OFFLINE=1")
	printed, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, failed.String())
	}
	for line := range strings.Lines(string(printed)) {
		if config, is := strings.CutPrefix(line, "config:"); is {
			lines = append(lines, strings.TrimSpace(config))
		}
	}
	return lines
}
