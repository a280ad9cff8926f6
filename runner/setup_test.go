package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/runner/environment"
)

// uvScript is a fake uv that installs a vLLM of nothing but metadata.
const uvScript = `#!/bin/sh
case "$1 $2" in
"--version "*) echo "uv 0.0" ;;
"venv "*)
	mkdir -p venv/bin venv/lib/python3.12/site-packages
	ln -s /bin/true venv/bin/python
	echo "version_info = 3.12.1" >venv/pyvenv.cfg ;;
"pip install")
	test ! -e "$UV_FULL" || { echo "No space left on device (os error 28)"; exit 2; }
	package=venv/lib/python3.12/site-packages/vllm-1.0.dist-info
	mkdir -p $package
	printf 'Name: vllm\nVersion: 1.0\n' >$package/METADATA
	echo "Installed 1 package" ;;
esac
`

const setupLab = `
default_node: n1
environments: {fork: {python: "3.12", packages: [vllm==1.0]}}
nodes: {n1: {}}
figures: {7: {nodes: [n1]}}
`

func setupFiles(t *testing.T) (dir, lab string) {
	t.Helper()
	dir = t.TempDir()
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "uv"), []byte(uvScript), 0o755); err != nil {
		t.Fatal(err)
	}
	lab = filepath.Join(dir, "lab.yaml")
	if err := os.WriteFile(lab, []byte(setupLab), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return dir, lab
}

func TestSetupMakesAndReuses(t *testing.T) {
	dir, lab := setupFiles(t)
	command := []string{"setup", "--environment", "fork", "--matrix", lab, "--dir", filepath.Join(dir, "environments")}
	got := coldstart(t, command...)
	if got.code != exitDone || !strings.Contains(got.err, "fork: made by uv 0.0 in "+dir) || !strings.Contains(got.err, "fork: Installed 1 package\n") || !strings.Contains(got.err, ": made in ") || !strings.Contains(got.err, " s: 1 package, sha256 ") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	got = coldstart(t, append(command, "--json")...)
	if got.code != exitDone || !strings.Contains(got.err, "fork: already there and unchanged: 1 package") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
	var records []environment.Record
	if err := json.Unmarshal([]byte(got.out), &records); err != nil || len(records) != 1 || records[0].Packages[0].Version != "1.0" || records[0].Python != "3.12.1" {
		t.Errorf("%v: %s", err, got.out)
	}
}

// What a lab has already is recorded, and renewed only when that is asked.
func TestSetupFindsAnInterpreter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	site, lab, python := filepath.Join(dir, "site"), filepath.Join(dir, "lab.yaml"), filepath.Join(dir, "python3")
	for path, text := range map[string]string{
		filepath.Join(site, "vllm-0.20.2.dist-info", "METADATA"): "Name: vllm\nVersion: 0.20.2\n",
		lab: strings.Replace(setupLab, `{python: "3.12", packages: [vllm==1.0]}`, fmt.Sprintf("{interpreter: %s, packages: [vllm==0.20.2], variables: {PYTHONPATH: %s}}", python, site), 1),
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	writeProgram(t, python, "#!/bin/sh\necho '{\"python\": \"3.12.3\", \"paths\": [\"'$PYTHONPATH'\"]}'\n")
	command := []string{"setup", "--environment", "fork", "--matrix", lab, "--dir", filepath.Join(dir, "environments")}
	tests := []struct {
		args []string
		code int
		want string
	}{
		{nil, exitDone, "fork: recorded: 1 package, sha256 "},
		{nil, exitDone, "fork: already there and unchanged: 1 package, sha256 "},
		{nil, exitFailed, "environment fork was changed: torch 2.11.0 was added; accept the changes with 'coldstart setup --environment fork --renew'"},
		{[]string{"--renew"}, exitDone, "fork: recorded: 2 packages"},
	}
	for i, test := range tests {
		if i == 2 {
			added := filepath.Join(site, "torch-2.11.0.dist-info")
			if err := errors.Join(os.Mkdir(added, 0o755), os.WriteFile(filepath.Join(added, "METADATA"), []byte("Name: torch\nVersion: 2.11.0\n"), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		if got := coldstart(t, append(command, test.args...)...); got.code != test.code || !strings.Contains(got.err, test.want) {
			t.Errorf("%d: exit %d: %s", i, got.code, got.err)
		}
	}
}

func TestSetupMistakes(t *testing.T) {
	dir, lab := setupFiles(t)
	full := filepath.Join(dir, "full")
	if err := os.WriteFile(full, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("UV_FULL", full)
	tests := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--environment", "forks", "--matrix", lab}, exitUsage, `there is no environment "forks"; choose one of vllm-0.10.1.1, `},
		{[]string{"--matrix", filepath.Join(dir, "none.yaml")}, exitFailed, "none.yaml"},
		{[]string{"--environment", "fork", "--matrix", lab, "--dir", dir}, exitFailed, "environment fork: the disk is full: free some space, or choose another directory with --dir"},
		{[]string{"--environment", "fork", "--matrix", lab, "--dir", full}, exitFailed, "choose another with --dir"},
	}
	for _, test := range tests {
		if got := coldstart(t, append([]string{"setup"}, test.args...)...); got.code != test.code || !strings.Contains(got.err, test.want) {
			t.Errorf("%v: exit %d: %s", test.args, got.code, got.err)
		}
	}
}

// The catalogue is there without a lab.
func TestSetupWithoutALab(t *testing.T) {
	t.Chdir(t.TempDir())
	o := &setup{environments: []string{"cpu", "cpu"}}
	wanted, err := o.declared()
	if err != nil || len(wanted) != 1 || wanted[0].Name != "cpu" {
		t.Errorf("%v, %v", wanted.Names(), err)
	}
}
