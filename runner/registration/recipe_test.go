package registration

import (
	"bytes"
	"context"
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
	"coldstart/reports/testkit"
	"coldstart/runner/forge"
)

// idle is a machine that nothing may be done to, and nobody asked from.
func idle(t *testing.T) *System {
	s := newMachine(t, newServer(t)).System
	*s = System{Root: s.Root, Arch: "amd64", UID: 1000}
	return s
}

func repositoryAt(t *testing.T, api string) forge.Repository {
	t.Helper()
	repository, err := forge.NewRepository("me/vllm", api)
	if err == nil {
		repository, err = repository.WithWeb("")
	}
	if err != nil {
		t.Fatal(err)
	}
	return repository
}

func runnerAt(t *testing.T, api string) Runner {
	t.Helper()
	r, err := NewRunner(n1, repositoryAt(t, api), "", DefaultUser)
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
		"status.txt":           LookRecipe(github.Repository, []result.Node{n1, {Name: "n2"}}),
	}
	for name, text := range recipes {
		t.Run(name, func(t *testing.T) { testkit.Golden(t, filepath.Join("testdata", name), text) })
	}
	if s.exists("/opt/coldstart") {
		t.Error("something was made")
	}
}

func TestUnit(t *testing.T) {
	github, gitea := runnerAt(t, ""), runnerAt(t, "")
	gitea.Repository.API = "https://git.example.com/api/v1"
	units := map[string]string{
		"unit.service":           unitOf(&Registration{Runner: github}),
		"unit-ephemeral.service": unitOf(&Registration{Runner: github, Ephemeral: true}),
		"unit-gitea.service":     unitOf(&Registration{Runner: gitea}),
	}
	for name, text := range units {
		t.Run(name, func(t *testing.T) {
			testkit.Golden(t, filepath.Join("testdata", name), text)
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
	for line := range strings.Lines(unitOf(&Registration{Runner: runnerAt(t, "")})) {
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
	if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "systemd refuses /etc/systemd/system/coldstart-runner-n1.service:\n    /etc/") {
		t.Errorf("error %v", err)
	}
	m.Run = run
	if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("error %v", err)
	}
	m.Has = func(program string) bool { return program != "systemd-analyze" }
	if err := r.Run(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRunnersRefused(t *testing.T) {
	repository := runnerAt(t, "").Repository
	for _, wrong := range [][2]string{
		{"/", DefaultUser}, {"/opt", DefaultUser}, {"relative/dir", DefaultUser}, {"/opt/a b", DefaultUser}, {"/opt/%h", DefaultUser}, {"/opt/..", DefaultUser}, {"/usr/lib/runner", DefaultUser}, {"/opt/../tmp/x", DefaultUser},
		{"", "root"}, {"", ""}, {"", "a b"}, {"", "-x"},
	} {
		if r, err := NewRunner(n1, repository, wrong[0], wrong[1]); err == nil {
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
	if diff := cmp.Diff([]string{"n1", "l40s", "x"}, labelsOf(node)); diff != "" {
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
