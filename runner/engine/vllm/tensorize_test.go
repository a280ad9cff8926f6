package vllm

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/reports/result"
	"coldstart/runner/environment"
	"coldstart/runner/lock"
)

// scripted is an environment with the tensorizer, whose Python is a shell script; $3 is the
// model, $4 the directory.
func scripted(t *testing.T, script string) *environment.Installed {
	t.Helper()
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return &environment.Installed{
		Environment: environment.Environment{Name: "scripted", Interpreter: path},
		Record:      &environment.Record{Packages: []result.Package{{Name: "tensorizer", Version: "2.10.1"}}},
	}
}

func TestTensorize(t *testing.T) {
	t.Setenv("HF_TOKEN", "hf_secretOfMine")
	tests := []struct{ name, script, want string }{
		{"it writes", `echo "$3" >"$4/model.tensors"`, ""},
		{"it fails", `echo one; echo "token hf_secretOfMine" >&2; echo "CUDA out of memory" >&2; exit 1`, "vLLM's tensorizer failed (exit status 1):\n    one\n    token ***\n    CUDA out of memory"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			err := Tensorize(t.Context(), scripted(t, test.script), nil, "/models/yi-6b", dir)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			text, _ := os.ReadFile(filepath.Join(dir, "model.tensors"))
			if test.want == "" && string(text) != "/models/yi-6b\n" {
				t.Errorf("written: %q", text)
			}
		})
	}
	bare := scripted(t, "exit 1")
	bare.Record.Packages = nil
	want := "environment scripted has no tensorizer, which --load-format tensorizer of yi-6b needs: add it to packages: of the environment"
	if err := Tensorize(t.Context(), bare, nil, "/models/yi-6b", t.TempDir()); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("without the tensorizer: %v, want %q", err, want)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := Tensorize(ctx, scripted(t, "sleep 60"), nil, "m", t.TempDir()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("interrupted: %v", err)
	}
}

// If coldstart is killed, the machine stays locked as long as vLLM copies.
func TestTensorizeKeepsTheMachine(t *testing.T) {
	path, dir := filepath.Join(t.TempDir(), "lock"), t.TempDir()
	held, err := lock.TakeAll(path)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release(held)
	script := `until grep -q '"program":{"id":'$$, ` + path + `; do sleep 0.01; done; echo >&3 && touch "$4/kept"`
	if err := Tensorize(t.Context(), scripted(t, script), held, "m", dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "kept")); err != nil {
		t.Error(err)
	}
}
