package registration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coldstart/runner/forge"
)

func TestRegister(t *testing.T) {
	m := newMachine(t, newServer(t))
	r, out := m.registration()
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	dir := m.path(r.Dir)
	url := m.server.http.URL + "/me/vllm"
	wantFile(t, filepath.Join(dir, "argv"), strings.Join([]string{
		"--unattended", "--url", url, "--name", "n1", "--labels", "n1,h100-nvl,rack-2", "--work", "_work", "--replace", "--disableupdate", ""}, "\n"))
	wantFile(t, filepath.Join(dir, "environment"), "ACTIONS_RUNNER_INPUT_TOKEN\nPATH\n")
	wantFile(t, filepath.Join(m.Root, r.stateFile()), `{
  "schema": 1,
  "node": "n1",
  "url": "`+url+`",
  "dir": "/opt/coldstart/runner-n1",
  "user": "coldstart-runner",
  "agent": "actions/runner",
  "version": "2.330.0",
  "sha256": "`+m.server.sum+`",
  "labels": [
    "n1",
    "h100-nvl",
    "rack-2"
  ],
  "ephemeral": false,
  "no_updates": true,
  "done": [
    "begin",
    "user",
    "program",
    "configure",
    "protect",
    "unit",
    "start"
  ]
}
`)
	files := m.snapshot()
	for _, name := range []string{".runner", ".credentials", ".credentials_rsaparams"} {
		if got := files["opt/coldstart/runner-n1/"+name]; !strings.HasPrefix(got, "-rw------- 990 ") {
			t.Errorf("%s is %q", name, got)
		}
	}
	for name, want := range map[string]string{
		"opt/coldstart":                                    "drwxr-xr-x 0 ",
		"opt/coldstart/runner-n1":                          "drwxr-x--- 990 ",
		"opt/coldstart/runner-n1.json":                     "-rw------- 0 ",
		"opt/coldstart/runner-n1/externals/node20/bin/npm": "Lrwxrwxrwx 990 ../lib/",
		"etc/systemd/system/coldstart-runner-n1.service":   "-rw-r--r-- 0 ",
		"(service)": "enabled true, active true",
	} {
		if got := files[name]; !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := m.server.names(); !slices.Equal(got, []string{"n1"}) {
		t.Errorf("the server knows %v", got)
	}
	if got := strings.Count(out.String(), ": done\n"); got != 7 {
		t.Errorf("%d steps are done:\n%s", got, out)
	}
	m.wantNoSecret(out.String())
}

func wantFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// wantNoSecret looks for tokens in texts, in all files, in the arguments of every
// command, and in the environment of all commands but the one that registers.
func (m *machine) wantNoSecret(texts ...string) {
	m.t.Helper()
	for name, text := range m.snapshot() {
		if strings.HasSuffix(name, "/config.sh") || strings.HasSuffix(name, "/"+actRunnerFile) {
			continue // the stand-in knows what it expects
		}
		texts = append(texts, name+": "+text)
	}
	for _, c := range m.commands {
		texts = append(texts, strings.Join(c.Args, " "), c.String())
		if slices.Contains(c.Args, "--labels") {
			continue
		}
		texts = append(texts, strings.Join(c.Env, " "))
	}
	for _, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				m.t.Errorf("a token is in %.300q", text)
			}
		}
	}
}

func TestRegisterAgainChangesNothing(t *testing.T) {
	m := registered(t)
	before, requests := m.snapshot(), len(m.server.requests)
	r, out := m.registration()
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, m.snapshot()); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
	want := []string{"GET /api/v3/repos/me/vllm/actions/runners/downloads"} // whether there is a newer release
	if asked := m.server.requests[requests:]; !slices.Equal(asked, want) || strings.Count(out.String(), ": unchanged\n") != 7 {
		t.Errorf("requests %v, told:\n%s", m.server.requests[requests:], out)
	}
}

func TestRegisterAgainWithOtherLabels(t *testing.T) {
	m := registered(t)
	r, out := m.registration()
	r.Node.Labels = []string{"rack-3"}
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "The labels change from n1,h100-nvl,rack-2 to n1,h100-nvl,rack-3.\n") {
		t.Errorf("told:\n%s", out)
	}
	if got := m.server.runners[0]["labels"]; !strings.Contains(fmt.Sprint(got), "rack-3") || len(m.server.runners) != 1 || !m.active {
		t.Errorf("the server knows %v, active %t", m.server.runners, m.active)
	}
}

// An ephemeral runner takes its registration away after its job.
func TestEphemeralIsRegisteredAnew(t *testing.T) {
	m := newMachine(t, newServer(t))
	r, _ := m.registration()
	r.Ephemeral = true
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := m.snapshot()
	for _, name := range []string{".runner", ".credentials", ".credentials_rsaparams"} {
		m.remove(r.Dir + "/" + name)
	}
	m.active = false
	m.server.runners = nil
	r, out := m.registration()
	r.Ephemeral = true
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, m.snapshot()); diff != "" {
		t.Errorf("(-before +after):\n%s\n%s", diff, out)
	}
	if got := before["etc/systemd/system/coldstart-runner-n1.service"]; !strings.Contains(got, "\nRestart=on-failure\n") {
		t.Errorf("unit %s", got)
	}
	if got := before["opt/coldstart/runner-n1/argv"]; !strings.Contains(got, "--ephemeral\n") {
		t.Errorf("arguments %s", got)
	}
}

func TestAJobIsNotCutOff(t *testing.T) {
	m := registered(t)
	m.works(true)
	r, _ := m.registration()
	r.Ephemeral = true
	err := r.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "n1 is running a job: try again when it is idle") || !m.active {
		t.Fatalf("error %v, active %t", err, m.active)
	}
	r.Force = true
	if err := r.Run(t.Context()); err != nil {
		t.Error(err)
	}
}

// Wherever a registration is broken off, before a step or after it but before
// anybody took note, the next one comes to the same end.
func TestInterruptedRegistration(t *testing.T) {
	want := registered(t).snapshotOf()
	names := []string{"begin", "user", "program", "configure", "protect", "unit", "start"}
	for i, name := range names {
		for _, when := range []string{"before", "after"} {
			t.Run(when+" "+name, func(t *testing.T) {
				m := newMachine(t, newServer(t))
				r, out := m.registration()
				w, err := r.work(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				steps := w.steps()
				if steps[i].name != name {
					t.Fatalf("step %d is %s", i, steps[i].name)
				}
				breakOff(t, &steps[i], when)
				if err := perform(t.Context(), steps, w.note, out); !errors.Is(err, errKilled) {
					t.Fatalf("error %v", err)
				}
				again, out := m.registration()
				if err := again.Run(t.Context()); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				if diff := cmp.Diff(want, m.snapshotOf()); diff != "" {
					t.Errorf("(-at once +in two goes):\n%s", diff)
				}
				if got := m.server.names(); !slices.Equal(got, []string{"n1"}) {
					t.Errorf("the server knows %v", got)
				}
			})
		}
	}
}

var errKilled = errors.New("killed")

// breakOff has a step end before it does anything, or after it did all but before
// anybody took note.
func breakOff(t *testing.T, s *step, when string) {
	do := s.do
	s.do = func(ctx context.Context) error {
		if when == "after" {
			if err := do(ctx); err != nil {
				t.Error(err)
			}
		}
		return errKilled
	}
}

// snapshotOf is a snapshot that compares between machines: the server's address
// differs.
func (m *machine) snapshotOf() map[string]string {
	all := m.snapshot()
	for name, text := range all {
		all[name] = strings.ReplaceAll(text, m.server.http.URL, "SERVER")
	}
	return all
}

// Each fault ends in one message that says what is wrong and what to do, leaves
// nothing half done, and is over with the next run.
func TestFaults(t *testing.T) {
	type fault struct {
		make func(m *machine, r *Registration)
		mend func(m *machine, r *Registration)
		want string
	}
	server := func(end string, handler http.HandlerFunc) fault {
		return fault{
			make: func(m *machine, _ *Registration) { m.server.fails(end, handler) },
			mend: func(m *machine, _ *Registration) { m.server.mend() },
		}
	}
	saysThat := func(f fault, want string) fault { f.want = want; return f }
	hangUp := func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	tests := map[string]fault{
		"not root": {
			func(m *machine, _ *Registration) { m.UID = 1000 },
			func(m *machine, _ *Registration) { m.UID = 0 }, "run it with sudo"},
		"no systemd": {
			func(m *machine, _ *Registration) { os.Remove(m.path("/run/systemd/system")) },
			func(m *machine, _ *Registration) { os.Mkdir(m.path("/run/systemd/system"), 0o755) }, "give --no-service"},
		"no token": {
			func(_ *machine, r *Registration) { r.Token = forge.Token{} },
			func(_ *machine, r *Registration) { r.Token = forge.NewToken(admin) }, "there is no token: give one"},
		"another machine": {
			func(_ *machine, r *Registration) {
				r.Check = func(context.Context) []string { return []string{"the GPU is L40S, not H100 NVL"} }
			},
			func(_ *machine, r *Registration) { r.Force = true }, "of n1:\n  the GPU is L40S, not H100 NVL\nCorrect the file"},
		"wrong token": {
			func(_ *machine, r *Registration) { r.Token = forge.NewToken("ghp_old") },
			func(_ *machine, r *Registration) { r.Token = forge.NewToken(admin) }, `the token is wrong or expired: give a valid one in GITHUB_TOKEN (the server says 401, "Bad credentials")`},
		"a token that may not": {
			func(_ *machine, r *Registration) { r.Token = forge.NewToken(guest) },
			func(_ *machine, r *Registration) { r.Token = forge.NewToken(admin) }, "'Administration: read and write'"},
		"no repository":    saysThat(server("GET /downloads", saying(404, "Not Found")), "there is no repository me/vllm at http://"),
		"no network":       saysThat(server("GET /downloads", hangUp), "the server cannot be reached"),
		"a 502":            saysThat(server("POST /registration-token", saying(502, "")), "the server failed (502"),
		"download gone":    saysThat(server("GET .tar.gz", saying(404, "")), "the server says 404 Not Found; give the archive with --runner-archive"),
		"download cut off": saysThat(server("GET .tar.gz", hangUp), "the download broke off"),
		"hash mismatch": {
			func(m *machine, _ *Registration) { m.server.sum = strings.Repeat("0", 64) },
			func(m *machine, _ *Registration) { m.server.sum = sumOf(m.server.archive) }, "has the wrong SHA-256: it is "},
		"no hash": {
			func(m *machine, _ *Registration) { m.server.sum = "" },
			func(m *machine, _ *Registration) { m.server.sum = sumOf(m.server.archive) }, "give the one in its release notes with --runner-sha256"},
		"an architecture without a runner": {
			func(m *machine, _ *Registration) { m.Arch = "riscv64" },
			func(m *machine, _ *Registration) { m.Arch = "amd64" }, "GitHub has no runner for riscv64"},
		"a 32-bit machine": {
			func(m *machine, _ *Registration) { m.Arch = "arm" },
			func(m *machine, _ *Registration) { m.Arch = "amd64" }, "GitHub has no runner for arm, only for amd64 and arm64"},
		"an architecture that the server lacks": saysThat(server("GET /downloads", func(w http.ResponseWriter, _ *http.Request) {
			answer(w, 200, []map[string]any{{"os": "linux", "architecture": "arm64"}})
		}), "the server offers no runner for linux/x64, only for linux/arm64"),
		"no libicu": {
			func(m *machine, _ *Registration) { m.lacks = "libicuuc" },
			func(m *machine, _ *Registration) { m.lacks = "" }, "GitHub's runner is a .NET program and needs libicu: install libicu"},
		"a runner that does not start": {
			func(m *machine, _ *Registration) { m.serves(answering("exec >&2; echo no libfoo; exit 1")) },
			func(m *machine, _ *Registration) { m.serves(standIn) }, "./bin/Runner.Listener failed (exit status 1):\n    no libfoo"},
		"an archive for another architecture": {
			func(m *machine, _ *Registration) { m.serves(elfEntry()) },
			func(m *machine, _ *Registration) { m.serves(standIn) }, "the archive is for another architecture: bin/Runner.Listener is for EM_AARCH64, and this machine is amd64"},
		"an archive that leads out": {
			func(m *machine, _ *Registration) { m.serves([]entry{{"../../evil", '0', 0o644, "x"}}) },
			func(m *machine, _ *Registration) { m.serves(standIn) }, `entry "../../evil": "../../evil" leads out of the runner's directory`},
		"an archive of something else": {
			func(m *machine, _ *Registration) { m.serves([]entry{{"README", '0', 0o644, "x"}}) },
			func(m *machine, _ *Registration) { m.serves(standIn) }, "is not an archive of GitHub's runner: it has no config.sh"},
		"an expired registration token": {
			func(_ *machine, r *Registration) { r.RegistrationToken = forge.NewToken("AOLD0123456789") },
			func(_ *machine, r *Registration) { r.RegistrationToken = forge.Token{} }, "Http response code: NotFound"},
		"no network while it registers": {
			func(m *machine, _ *Registration) { m.offline = true },
			func(m *machine, _ *Registration) { m.offline = false }, "Name or service not known (github.example:443)"},
		"somebody's directory": {
			func(m *machine, r *Registration) { os.MkdirAll(m.path(r.Dir), 0o755) },
			func(m *machine, r *Registration) { os.RemoveAll(m.path("/opt/coldstart")) }, "coldstart did not make it"},
		"a parent that others write to": {
			func(m *machine, _ *Registration) {
				os.Mkdir(m.path("/opt/coldstart"), 0o755)
				os.Chmod(m.path("/opt/coldstart"), 0o777)
			},
			func(m *machine, _ *Registration) { os.Remove(m.path("/opt/coldstart")) }, "is not a directory that only root may write to"},
	}
	want := registered(t).snapshotOf()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, newServer(t))
			r, out := m.registration()
			before := m.snapshot()
			test.make(m, r)
			err := r.Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want %s", err, test.want)
			}
			m.wantNoSecret(err.Error(), out.String())
			if strings.Contains(err.Error(), "AOLD") {
				t.Errorf("a token is in the error: %v", err)
			}
			for name := range maps.Keys(m.snapshot()) {
				if strings.Contains(name, ".new") || strings.Contains(name, ".tar.gz") || strings.Contains(name, "evil") {
					t.Errorf("%s was left", name)
				}
			}
			test.mend(m, r)
			if slices.Contains([]string{"not root", "no systemd", "another machine"}, name) {
				if diff := cmp.Diff(before, m.snapshot()); diff != "" {
					t.Errorf("something was changed:\n%s", diff)
				}
			}
			if err := r.Run(t.Context()); err != nil {
				t.Fatalf("once mended: %v", err)
			}
			if diff := cmp.Diff(want, m.snapshotOf()); diff != "" {
				t.Errorf("(-at once +once mended):\n%s", diff)
			}
		})
	}
}

// serves makes the server have an archive with these entries.
func (m *machine) serves(entries []entry) {
	m.server.archive = archiveOf(m.t, entries)
	m.server.sum = sumOf(m.server.archive)
}

func TestNoService(t *testing.T) {
	m := newMachine(t, newServer(t))
	os.Remove(m.path("/run/systemd/system"))
	r, out := m.registration()
	r.NoService = true
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := "To start it: sudo -u coldstart-runner sh -c 'cd /opt/coldstart/runner-n1 && exec /opt/coldstart/runner-n1/run.sh'\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("told:\n%s", out)
	}
	if m.active || m.exists(r.unitFile()) {
		t.Error("there is a service")
	}
}

// With a registration token and an archive no API is asked.
func TestRegisterWithoutTheAPI(t *testing.T) {
	m := newMachine(t, newServer(t))
	archive := filepath.Join(t.TempDir(), "actions-runner-linux-x64-2.329.0.tar.gz")
	if err := os.WriteFile(archive, m.server.archive, 0o644); err != nil {
		t.Fatal(err)
	}
	m.Now = func() time.Time { return packed.AddDate(0, 0, 31) }
	r, out := m.registration()
	r.Token, r.RegistrationToken, r.Archive, r.SHA256 = forge.Token{}, forge.NewToken(reg+"\n"), archive, strings.ToUpper(m.server.sum)
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(m.server.requests) > 0 {
		t.Errorf("requests %v", m.server.requests)
	}
	if want := "warning: release 2.330.0 was built on 2026-01-09, 31 days ago, "; !strings.Contains(out.String(), want) {
		t.Errorf("told\n%slacks %q", out, want)
	}
	now, _, err := m.loadState(&r.Runner)
	if err != nil || now.Version != "2.330.0" { // by the program's own word, whatever the file is called
		t.Errorf("version %q, error %v", now.Version, err)
	}
	m.wantNoSecret()
}

// An archive that gets no jobs is refused before anything is registered, if the API can be
// asked.
func TestRegisterArchiveThatGetsNoJobs(t *testing.T) {
	m := newMachine(t, newServer(t))
	m.server.until = map[string]string{"2.330.0": `"2026-01-10T00:00:00Z"`}
	archive := filepath.Join(t.TempDir(), "runner.tar.gz")
	if err := os.WriteFile(archive, m.server.archive, 0o644); err != nil {
		t.Fatal(err)
	}
	r, _ := m.registration()
	r.Archive = archive
	err := r.Run(t.Context())
	const want = "GitHub gives no jobs to release 2.330.0 of its runner since 2026-01-10; give a newer one with --runner-archive"
	if err == nil || !strings.Contains(err.Error(), want) || len(m.server.runners) > 0 || m.exists(r.Dir) {
		t.Errorf("error %v, runners %v", err, m.server.runners)
	}
}

func TestAnotherRepositoryIsRefused(t *testing.T) {
	m := registered(t)
	r, _ := m.registration()
	r.Repository.Name = "other"
	err := r.Run(t.Context())
	if want := "remove that first, with sudo --preserve-env=GITHUB_TOKEN coldstart remove --node n1 --repo me/vllm --api-url " + m.server.api(); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v", err)
	}
}

// A repository that was mistyped once, so that nothing was registered, is no dead end.
func TestMistypedRepository(t *testing.T) {
	m := newMachine(t, newServer(t))
	r, _ := m.registration()
	r.Repository.Name = "vlm"
	if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "there is no repository me/vlm") {
		t.Fatalf("error %v", err)
	}
	r, out := m.registration()
	if err := r.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(registered(t).snapshotOf(), m.snapshotOf()); diff != "" {
		t.Errorf("(-at once +after the mistake):\n%s", diff)
	}
}

func TestStopWhenToldTo(t *testing.T) {
	m := newMachine(t, newServer(t))
	r, _ := m.registration()
	ctx, cancel := context.WithCancel(t.Context())
	m.server.faults["GET .tar.gz"] = func(w http.ResponseWriter, _ *http.Request) { cancel(); panic(http.ErrAbortHandler) }
	err := r.Run(ctx)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "the same command goes on from there") {
		t.Errorf("error %v", err)
	}
}
