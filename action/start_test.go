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
)

// program lays down a program as the plan's job does, and gives its directory
// and the hash of its SHA256SUMS. The program is a script that says hello.
func program(t *testing.T) (dir, hash string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the action runs on Linux")
	}
	dir = t.TempDir()
	name := "coldstart-linux-" + runtime.GOARCH
	script := []byte("#!/bin/sh\necho hello\n")
	sums := []byte(fmt.Sprintf("%x  %s\n", sha256.Sum256(script), name))
	for file, text := range map[string][]byte{name: script, "SHA256SUMS": sums} {
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256(sums)
	return dir, hex.EncodeToString(sum[:])
}

func start(dir, hash string) (string, error) {
	cmd := exec.Command("bash", "start")
	cmd.Env = append(os.Environ(), "INPUT_PROGRAM="+dir, "INPUT_PROGRAM_SHA256="+hash)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestStartRunsTheProgramThatThePlanBuilt(t *testing.T) {
	dir, hash := program(t)
	if out, err := start(dir, hash); err != nil || out != "hello\n" {
		t.Errorf("%v: %s", err, out)
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
			out, err := start(dir, tamper(t, dir, hash))
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
