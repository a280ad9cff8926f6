package environment

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// uvIndex is an index that has uv as well: the fake one, as a script.
func uvIndex(t *testing.T) *fakeIndex {
	t.Helper()
	index := sampleIndex(t)
	script := fmt.Sprintf("#!/bin/sh\nexec %s \"$@\"\n", uvProgram(t))
	index.wheels["uv-0.0-py3-none-any.whl"] = wheel(t, "uv", "0.0", nil, [2]string{"uv-0.0.data/scripts/uv", script})
	return index
}

// programs makes a PATH of nothing but these programs, each a script.
func programs(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

// realPython is a script that runs the python3 of this machine.
func realPython(t *testing.T) string {
	t.Helper()
	path, err := exec.Command("python3", "-c", "import sys, venv, ensurepip; print(sys.executable)").Output()
	if err != nil {
		t.Skipf("skipped: python3 with venv and pip: %v", err)
	}
	return "exec " + strings.TrimSpace(string(path)) + ` "$@"`
}

// coldstart installs its own uv if there is none, and uses it later, also if the uv on the
// PATH does not run.
func TestOwnUV(t *testing.T) {
	apart(t)
	python, index, store := realPython(t), uvIndex(t), Store{Dir: t.TempDir()}
	installing := "there is no uv on the PATH: installing coldstart's own into " + filepath.Join(store.Dir, "uv")
	tests := []struct {
		name, first string
		scripts     map[string]string
	}{
		{"no uv", installing, map[string]string{"python3": python}},
		{"a broken uv", "made by uv 0.0 in ", map[string]string{"uv": "exit 1"}},
	}
	for _, test := range tests {
		programs(t, test.scripts)
		e := sample(index)
		e.Name = strings.ReplaceAll(test.name, " ", "-")
		var said []string
		made, err := store.Setup(t.Context(), e, Options{Progress: func(line string) { said = append(said, line) }})
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if made.Record.Tool != "uv 0.0" || !strings.HasPrefix(said[0], test.first) || !slices.Contains(said, "made by uv 0.0 in "+made.Dir) {
			t.Errorf("%s: made by %q, said:\n%s", test.name, made.Record.Tool, strings.Join(said, "\n"))
		}
	}
}

// If coldstart cannot install its own uv, it says why, and keeps nothing.
func TestOwnUVFails(t *testing.T) {
	apart(t)
	python := realPython(t)
	tests := []struct {
		name, want string
		scripts    map[string]string
		offline    bool
	}{
		{name: "no Python", want: "python3 is not installed; nothing was kept"},
		{name: "no venv", want: "python3 lacks its venv module with pip: install them", scripts: map[string]string{
			"python3": "echo /usr/bin/python3: No module named venv; exit 1",
		}},
		{name: "an index that does not answer", want: "cannot reach the package index", scripts: map[string]string{"python3": python}, offline: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store, e := Store{Dir: t.TempDir()}, sample(uvIndex(t))
			if test.offline {
				e.Index = outOfReach
			}
			programs(t, test.scripts)
			_, err := store.Setup(t.Context(), e, Options{})
			fails(t, err, "install uv, since coldstart cannot install its own: "+test.want)
			nothingKept(t, store, e)
		})
	}
}
