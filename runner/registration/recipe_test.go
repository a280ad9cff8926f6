package registration

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
)

var update = flag.Bool("update", false, "write the expected files below testdata anew")

func wantGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wantFile(t, path, got)
}

// idle is a machine that nothing may be done to, and nobody asked from.
func idle(t *testing.T) *System {
	s := newMachine(t, newServer(t)).System
	*s = System{Root: s.Root, Arch: "amd64", UID: 1000}
	return s
}

func runnerAt(t *testing.T, api string) Runner {
	t.Helper()
	place, err := NewForge("me/vllm", api, "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRunner(n1, place, "", DefaultUser)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A recipe is made as an ordinary user without a token, and touches nothing.
func TestRecipes(t *testing.T) {
	s := idle(t)
	github, ghes, gitea := runnerAt(t, ""), runnerAt(t, "https://github.example.com/api/v3"), runnerAt(t, "https://git.example.com/api/v1")
	recipes := map[string]string{
		"register.txt":         (&Registration{Runner: github, System: s}).Recipe(),
		"register-archive.txt": (&Registration{Runner: ghes, System: s, Archive: "actions runner.tar.gz", SHA256: strings.Repeat("ab", 32), Ephemeral: true, NoService: true}).Recipe(),
		"register-gitea.txt":   (&Registration{Runner: gitea, System: s, Agent: "/root/act_runner", TokenInArgv: true}).Recipe(),
		"remove.txt":           (&Removal{Runner: github, System: s, Wait: time.Hour}).Recipe(),
		"remove-local.txt":     (&Removal{Runner: github, System: s, Force: true, LocalOnly: true}).Recipe(),
		"status.txt":           LookRecipe(github.Forge, []result.Node{n1, {Name: "n2"}}),
	}
	for name, text := range recipes {
		t.Run(name, func(t *testing.T) { wantGolden(t, name, text) })
	}
	if s.exists("/opt/coldstart") {
		t.Error("something was made")
	}
}

func TestUnit(t *testing.T) {
	r := runnerAt(t, "")
	units := map[string]string{
		"unit.service":           unitOf(&r, official{}, false),
		"unit-ephemeral.service": unitOf(&r, official{}, true),
		"unit-gitea.service":     unitOf(&r, actRunner{}, false),
	}
	for name, text := range units {
		t.Run(name, func(t *testing.T) {
			wantGolden(t, name, text)
			verified(t, name, text)
		})
	}
}

// verified has systemd look at a unit, whose program and user it is given.
func verified(t *testing.T, name, text string) {
	t.Helper()
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not installed: systemd itself was not asked about the unit")
	}
	text = strings.NewReplacer("/opt/coldstart/runner-n1/run.sh", "/bin/true", "/opt/coldstart/runner-n1/act_runner", "/bin/true", "User="+DefaultUser, "User=root").Replace(text)
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command("systemd-analyze", "verify", path).CombinedOutput()
	if err != nil || strings.Contains(string(output), name) {
		t.Errorf("%v: %s", err, output)
	}
}

// None of these may be set: each would take away the sudo rule that drops the page
// cache, or the GPUs.
func TestUnitLeavesJobsWhatTheyNeed(t *testing.T) {
	r := runnerAt(t, "")
	for line := range strings.Lines(unitOf(&r, official{}, false)) {
		for _, option := range []string{
			"NoNewPrivileges", "PrivateDevices", "PrivateTmp", "PrivateUsers", "ProtectHome", "ProtectKernel", "ProtectClock", "ProtectHostname", "ProtectControlGroups",
			"Restrict", "SystemCall", "MemoryDenyWriteExecute", "LockPersonality", "DynamicUser", "DeviceAllow", "DevicePolicy", "CapabilityBoundingSet",
		} {
			if strings.HasPrefix(line, option) {
				t.Errorf("the unit has %s", line)
			}
		}
	}
}

func TestSystemdRefusesTheUnit(t *testing.T) {
	m := newMachine(t, newServer(t))
	m.Has = func(string) bool { return true }
	run := m.Run
	m.Run = func(ctx context.Context, c Command) (string, error) {
		if c.Args[0] == "systemd-analyze" {
			return c.Args[2] + ":7: Unknown key\n", nil
		}
		return run(ctx, c)
	}
	r, _ := m.registration()
	if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "systemd would not take /etc/systemd/system/coldstart-runner-n1.service:\n    /etc/") {
		t.Errorf("error %v", err)
	}
	m.Run = run
	if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("error %v", err)
	}
	m.Has = func(program string) bool { return program == "systemctl" }
	if err := r.Run(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestForges(t *testing.T) {
	tests := map[string]struct {
		web   string
		gitea bool
	}{
		"":                                  {"https://github.com", false},
		"https://api.github.com/":           {"https://github.com", false},
		"https://api.lab.ghe.com":           {"https://lab.ghe.com", false},
		"https://github.example.com/api/v3": {"https://github.example.com", false},
		"https://git.example.com/api/v1":    {"https://git.example.com", true},
		"https://example.com/git/api/v1/":   {"https://example.com/git", true},
		"http://127.0.0.1:3000/api/v1":      {"http://127.0.0.1:3000", true},
	}
	for api, want := range tests {
		f, err := NewForge("me/vllm", api, "")
		if err != nil || f.Web != want.web || f.Gitea != want.gitea {
			t.Errorf("%q: %+v, error %v", api, f, err)
		}
	}
	if f, err := NewForge("me/vllm", "https://example.com/rest", "https://example.com/"); err != nil || f.url() != "https://example.com/me/vllm" {
		t.Errorf("%+v, error %v", f, err)
	}
	for _, wrong := range [][3]string{
		{"me", "", ""}, {"me/", "", ""}, {"me/../x", "", ""}, {"me/..", "", ""}, {"me/vllm/x", "", ""}, {"me/v%20", "", ""}, {"", "", ""},
		{"me/vllm", "ftp://x/api/v3", ""}, {"me/vllm", "https://u:p@x/api/v3", ""}, {"me/vllm", "https://x/api/v3?token=1", ""}, {"me/vllm", "x", ""},
		{"me/vllm", "https://example.com/rest", ""}, {"me/vllm", "", "https://x/%h"}, {"me/vllm", "", "https://x/a b"},
	} {
		if f, err := NewForge(wrong[0], wrong[1], wrong[2]); err == nil {
			t.Errorf("%v: %+v", wrong, f)
		}
	}
}

func TestRunnersRefused(t *testing.T) {
	place := runnerAt(t, "").Forge
	for _, wrong := range [][2]string{
		{"/", DefaultUser}, {"/opt", DefaultUser}, {"relative/dir", DefaultUser}, {"/opt/a b", DefaultUser}, {"/opt/%h", DefaultUser}, {"/opt/..", DefaultUser}, {"/usr/lib/runner", DefaultUser}, {"/opt/../tmp/x", DefaultUser},
		{"", "root"}, {"", ""}, {"", "a b"}, {"", "-x"},
	} {
		if r, err := NewRunner(n1, place, wrong[0], wrong[1]); err == nil {
			t.Errorf("%v: %+v", wrong, r)
		}
	}
}

func TestLabels(t *testing.T) {
	for gpu, want := range map[string]string{
		"H100 NVL": "h100-nvl", "NVIDIA L40S": "l40s", "2× H200 (SXM5)": "2-h200-sxm5", "": "",
	} {
		if got := gpuLabel(gpu); got != want {
			t.Errorf("%q: %q, want %q", gpu, got, want)
		}
	}
	node := result.Node{Name: "n1", Labels: []string{"L40s", "x"}, Declared: hardware.Hardware{GPU: "L40S"}}
	if diff := cmp.Diff([]string{"n1", "l40s", "x"}, Labels(node)); diff != "" {
		t.Error(diff)
	}
}

func TestDownloadIsTriedAgain(t *testing.T) {
	m := newMachine(t, newServer(t))
	times := 0
	m.server.faults["GET .tar.gz"] = func(w http.ResponseWriter, _ *http.Request) {
		if times++; times < 3 {
			w.Header().Set("Content-Length", "999999")
			w.Write(bytes.Repeat([]byte("x"), 1000))
			panic(http.ErrAbortHandler)
		}
		w.Write(m.server.archive)
	}
	r, _ := m.registration()
	if err := r.Run(t.Context()); err != nil || times != 3 {
		t.Errorf("error %v after %d", err, times)
	}
}
