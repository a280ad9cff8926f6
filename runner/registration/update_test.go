package registration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// newerThan makes r register with an archive of a release, which has a file more.
func newerThan(t *testing.T, r *Registration, release string) {
	t.Helper()
	entries := append(answering("echo "+release), entry{"./new-in-" + release, '0', 0o644, "x"})
	r.Archive = filepath.Join(t.TempDir(), "actions-runner.tar.gz")
	if err := os.WriteFile(r.Archive, archiveOf(t, entries), 0o644); err != nil {
		t.Fatal(err)
	}
}

// outdatedNode is a registered node with files of jobs and of an administrator, and a
// program that once updated itself.
func outdatedNode(t *testing.T) *machine {
	t.Helper()
	m := registered(t)
	dir := m.path("/opt/coldstart/runner-n1/")
	for _, err := range []error{
		os.WriteFile(dir+"/.env", []byte("CUDA_HOME=/usr/local/cuda\n"), 0o644), os.MkdirAll(dir+"/_work/tool", 0o755),
		os.Rename(dir+"/bin", dir+"/bin.2.331.0"), os.Symlink("bin.2.331.0", dir+"/bin"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func TestUpdate(t *testing.T) {
	m := outdatedNode(t)
	m.server.until = map[string]string{"2.336.0": "null"}
	dir := m.path("/opt/coldstart/runner-n1/")
	before := m.snapshot()
	requests := len(m.server.requests)
	r, out := m.registration()
	newerThan(t, r, "2.336.0")
	if err := r.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	after := m.snapshot()
	for _, kept := range []string{".runner", ".credentials", ".env", "_work/tool"} {
		if name := "opt/coldstart/runner-n1/" + kept; after[name] == "" || after[name] != before[name] {
			t.Errorf("%s was %q and is %q", kept, before[name], after[name])
		}
	}
	wantFile(t, dir+"/new-in-2.336.0", "x")
	for _, gone := range []string{"bin.2.331.0", "../.runner-n1.old", "../.runner-n1.new"} {
		if _, err := os.Lstat(dir + "/" + gone); err == nil {
			t.Errorf("%s is there", gone)
		}
	}
	if got := m.System.version(&r.Runner); got != "2.336.0" {
		t.Errorf("release %s", got)
	}
	if ran := strings.Join(m.ran(), "\n"); strings.Contains(ran, "config.sh") || !strings.Contains(ran, "systemctl stop") || !m.active {
		t.Errorf("active %t, ran:\n%s", m.active, ran)
	}
	if asked := m.server.requests[requests:]; len(asked) != 3 { // whether a job runs, before and after unpacking, and about the release
		t.Errorf("requests %v", asked)
	}
	m.commands = nil
	if err := r.Run(t.Context()); err != nil || strings.Contains(fmt.Sprint(m.ran()), "stop") {
		t.Errorf("once more: error %v, ran %v", err, m.ran())
	}
}

// Without an archive, the server's newest release is the one.
func TestUpdateFromTheServer(t *testing.T) {
	m := registered(t)
	m.server.newest = "2.336.0"
	m.serves(answering("echo 2.336.0"))
	r, out := m.registration()
	if err := r.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := m.System.version(&r.Runner); got != "2.336.0" {
		t.Errorf("release %s:\n%s", got, out)
	}
}

func TestUpdateRefused(t *testing.T) {
	tests := map[string]struct {
		release string
		make    func(*machine)
		want    string
	}{
		"an older one":              {"2.329.0", func(*machine) {}, "release 2.331.0 is installed here, and 2.329.0 is older: give a newer one; nothing was replaced"},
		"a job here":                {"2.336.0", func(m *machine) { m.works(true) }, "n1 is running a job: try again when it is idle"},
		"a job, the server says":    {"2.336.0", func(m *machine) { m.server.busyFor = 1 }, "n1 is running a job: try again when it is idle"},
		"a program that ends badly": {"2.336.0; exit 3", func(*machine) {}, "./bin/Runner.Listener failed (exit status 3)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := outdatedNode(t)
			test.make(m)
			before := m.snapshot()
			r, _ := m.registration()
			newerThan(t, r, test.release)
			if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v", err)
			}
			after := m.snapshot()
			delete(before, "opt/coldstart/runner-n1.json") // which has the release by the link now
			delete(after, "opt/coldstart/runner-n1.json")
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("something was touched (-before +after):\n%s", diff)
			}
		})
	}
}

// Wherever an update is interrupted, the same command completes it.
func TestInterruptedUpdate(t *testing.T) {
	interrupt := map[string]func(dir, fresh, old string) error{
		"before the new one is in place": func(dir, _, old string) error { return os.Rename(dir, old) },
		"before all is moved": func(dir, fresh, old string) error {
			return errors.Join(os.Rename(dir, old), os.Rename(fresh, dir), os.Rename(old+"/.runner", dir+"/.runner"))
		},
	}
	for name, how := range interrupt {
		t.Run(name, func(t *testing.T) {
			m := outdatedNode(t)
			credentials := m.snapshot()["opt/coldstart/runner-n1/.credentials"]
			r, _ := m.registration()
			newerThan(t, r, "2.336.0")
			w, err := r.work(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			fresh := w.beside(".new")
			if err := errors.Join(w.prepare(t.Context(), fresh), m.saveState(&r.Runner, &w.now),
				how(m.path(r.Dir), m.path(fresh), m.path(w.beside(".old")))); err != nil {
				t.Fatal(err)
			}
			if err := r.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			all := m.snapshot()
			if all["opt/coldstart/runner-n1/.credentials"] != credentials || all["opt/coldstart/runner-n1/new-in-2.336.0"] == "" || all["opt/coldstart/.runner-n1.old"] != "" {
				t.Errorf("left:\n%v", all)
			}
			if strings.Contains(fmt.Sprint(m.ran()), "config.sh") {
				t.Error("it was registered anew")
			}
		})
	}
}

// A runner that was registered before coldstart turned updates off is registered anew.
func TestUpdatesAreTurnedOff(t *testing.T) {
	m := registered(t)
	r, _ := m.registration()
	earlier, _, err := m.loadState(&r.Runner)
	if err != nil {
		t.Fatal(err)
	}
	earlier.NoUpdates = false
	if err := m.saveState(&r.Runner, &earlier); err != nil {
		t.Fatal(err)
	}
	r, out := m.registration()
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "The runner no longer updates itself") || !strings.Contains(fmt.Sprint(m.ran()), "--disableupdate") {
		t.Errorf("ran %v, told:\n%s", m.ran(), out)
	}
}

// Other labels wait for a job that only the server knows of.
func TestRelabellingAsksTheServer(t *testing.T) {
	m := giteaMachine(t)
	r, _ := m.registration()
	r.Agent = actRunnerScript(t, true)
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.runs(81, r.Dir+"/act_runner", true)
	m.server.busyFor = 1
	r.Node.Labels = []string{"rack-3"}
	for token, want := range map[string]string{
		admin: "n1 is running a job: try again when it is idle", "": "only the server knows whether n1 is running a job: give a token in GITHUB_TOKEN",
	} {
		r.Token, r.RegistrationToken = tokens(token)
		if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) || !m.active || !m.exists(r.Dir+"/.runner") {
			t.Errorf("%q: error %v, active %t", token, err, m.active)
		}
	}
	m.server.busyFor = 0
	r.Token, r.RegistrationToken = tokens(admin)
	if err := r.Run(t.Context()); err != nil || m.exists("/proc/81") {
		t.Errorf("error %v", err)
	}
}

// A newer act_runner takes the old one's place.
func TestUpdateOfActRunner(t *testing.T) {
	m := giteaMachine(t)
	r, _ := m.registration()
	r.Agent = actRunnerScript(t, true)
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if found, exists := m.Program(context.Background(), "n1", nil); !exists || found.Version != "0.2.13" || found.Trouble != "" {
		t.Errorf("program %+v", found)
	}
	text, err := os.ReadFile(r.Agent)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.Agent, []byte(strings.ReplaceAll(string(text), "0.2.13", "1.0.4")), 0o755); err != nil {
		t.Fatal(err)
	}
	m.commands = nil
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := m.System.version(&r.Runner); got != "1.0.4" || !m.exists(r.Dir+"/.runner") || strings.Contains(fmt.Sprint(m.ran()), "--labels") {
		t.Errorf("release %s, ran %v", got, m.ran())
	}
}
