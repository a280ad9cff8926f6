package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// program lays down a program as the plan's job does, and gives its directory
// and the hash of its SHA256SUMS. The program is a script that says hello, and which
// process it is.
func program(t *testing.T) (dir, hash string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the action runs on Linux")
	}
	dir = t.TempDir()
	name := "coldstart-linux-" + runtime.GOARCH
	script := []byte("#!/bin/sh\necho hello $$\n")
	sums := []byte(fmt.Sprintf("%x  %s\n", sha256.Sum256(script), name))
	for file, text := range map[string][]byte{name: script, "SHA256SUMS": sums} {
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256(sums)
	return dir, hex.EncodeToString(sum[:])
}

// start runs the action's step as a runner does, with more variables, and tells which
// process that was.
func start(t *testing.T, dir, hash string, more ...string) (said string, process int, err error) {
	t.Helper()
	text, err := os.ReadFile("action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action any
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	step := filepath.Join(t.TempDir(), "step.sh")
	eachScript(action, func(script string) {
		if err := os.WriteFile(step, []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
	})
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", step)
	cmd.Env = append(append(os.Environ(), "GITHUB_ACTION_PATH=.", "INPUT_PROGRAM="+dir, "INPUT_PROGRAM_SHA256="+hash), more...)
	out, err := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.Pid(), err
}

// It is the step's first process, which alone is told of a cancellation.
func TestStartRunsTheProgramThatThePlanBuilt(t *testing.T) {
	dir, hash := program(t)
	if out, process, err := start(t, dir, hash); err != nil || out != fmt.Sprintf("hello %d\n", process) {
		t.Errorf("process %d, %v: %s", process, err, out)
	}
}

// What arrived in an artifact is run only if it is what the plan's job built.
func TestStartRefusesAnotherProgram(t *testing.T) {
	tests := map[string]func(t *testing.T, dir, hash string) string{
		"another program": func(t *testing.T, dir, hash string) string {
			overwrite(t, filepath.Join(dir, "coldstart-linux-"+runtime.GOARCH))
			return hash
		},
		"another list of hashes": func(t *testing.T, dir, hash string) string {
			overwrite(t, filepath.Join(dir, "SHA256SUMS"))
			return hash
		},
		"no hash": func(*testing.T, string, string) string { return "" },
		"nothing there": func(t *testing.T, dir, hash string) string {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			return hash
		},
	}
	for name, tamper := range tests {
		t.Run(name, func(t *testing.T) {
			dir, hash := program(t)
			out, _, err := start(t, dir, tamper(t, dir, hash))
			if err == nil || strings.Contains(out, "hello") || strings.Contains(out, "pwned") || !strings.Contains(out, "::error title=coldstart::") {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func overwrite(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho pwned\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// What an earlier job left on the machine is never run in place of the sources, wherever it
// could be: the report's job may write, and a job before it ran a commit that may not.
func TestStartRunsNothingThatAnotherJobLeft(t *testing.T) {
	places := t.TempDir()
	var variables []string
	for _, place := range []string{"RUNNER_TOOL_CACHE", "RUNNER_TEMP", "HOME", "TMPDIR", "bin"} {
		dir := filepath.Join(places, place)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		variables = append(variables, place+"="+dir)
	}
	// A compiler whose program says hello.
	compiler := "#!/bin/sh\nwhile [ \"$1\" != -o ]; do shift; done\nprintf '#!/bin/sh\\necho hello\\n' >\"$2\"\nchmod +x \"$2\"\n"
	bin := filepath.Join(places, "bin")
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(compiler), 0o755); err != nil {
		t.Fatal(err)
	}
	variables = append(variables, "PATH="+bin+":"+os.Getenv("PATH"))
	for range 2 {
		if out, _, err := start(t, "", "", variables...); err != nil || out != "hello\n" {
			t.Fatalf("%v: %s", err, out)
		}
		left := 0
		err := filepath.WalkDir(places, func(path string, entry os.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && filepath.Dir(path) != bin {
				left++
				overwrite(t, path)
			}
			return err
		})
		if err != nil || left == 0 {
			t.Fatalf("%v; %d programs were built", err, left)
		}
	}
}
