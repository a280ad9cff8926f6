package registration

import (
	"errors"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"time"

	"coldstart/runner/forge"
)

// wantNothingLeft looks for what a registration made.
func (m *machine) wantNothingLeft() {
	m.t.Helper()
	for name := range m.snapshot() {
		if strings.Contains(name, "n1") {
			m.t.Errorf("%s is left", name)
		}
	}
	if m.active || m.enabled {
		m.t.Errorf("active %t, enabled %t", m.active, m.enabled)
	}
}

func TestRemove(t *testing.T) {
	m := registered(t)
	r, out := m.removal()
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.wantNothingLeft()
	if got := m.server.names(); len(got) > 0 {
		t.Errorf("the server still knows %v", got)
	}
	want := []string{"systemctl disable --now coldstart-runner-n1.service", "systemctl daemon-reload"}
	if got := m.ran(); !slices.Equal(got, want) {
		t.Errorf("ran %q", got)
	}
	m.wantNoSecret(out.String())
}

// What is gone already is no reason to stop.
func TestRemoveWhatIsHalfGone(t *testing.T) {
	tests := map[string]func(m *machine, r *Removal){
		"the server forgot it":             func(m *machine, _ *Removal) { m.server.runners = nil },
		"it has gone between two requests": func(m *machine, _ *Removal) { m.server.fails("DELETE /1", saying(404, "Not Found")) },
		"no files":                         func(m *machine, r *Removal) { os.RemoveAll(m.path(r.Dir)) },
		"no unit":                          func(m *machine, r *Removal) { os.Remove(m.path(r.unitFile())); m.active, m.enabled = false, false },
		"nothing at all": func(m *machine, r *Removal) {
			os.RemoveAll(m.path(path.Dir(r.Dir)))
			os.Remove(m.path(r.unitFile()))
			m.active, m.enabled = false, false
		},
		"the server is left out": func(m *machine, r *Removal) { r.LocalOnly, r.Token = true, forge.Token{} },
		"the server is gone":     func(m *machine, r *Removal) { r.LocalOnly = true; m.server.http.Close() },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			m := registered(t)
			r, out := m.removal()
			spoil(m, r)
			if err := r.Run(t.Context()); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			m.wantNothingLeft()
		})
	}
}

func TestRemoveWaitsForTheJob(t *testing.T) {
	m := registered(t)
	m.server.busyFor = 25 * time.Minute
	r, out := m.removal()
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m.waited != 25*time.Minute || strings.Count(out.String(), "waiting for its end") != 1 {
		t.Errorf("waited %v:\n%s", m.waited, out)
	}
	m.wantNothingLeft()
}

func TestRemoveDoesNotWaitForEver(t *testing.T) {
	for name, job := range map[string]func(*machine){
		"the server says":  func(m *machine) { m.server.busyFor = 1000 * time.Hour },
		"the machine says": func(m *machine) { m.works(true) },
	} {
		t.Run(name, func(t *testing.T) {
			m := registered(t)
			job(m)
			r, _ := m.removal()
			err := r.Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), "n1 is still running a job after 1h: wait longer with --wait, or cancel it with --force") || !m.active {
				t.Fatalf("error %v, active %t", err, m.active)
			}
			r.Force = true
			if err := r.Run(t.Context()); err != nil {
				t.Error(err)
			}
			os.RemoveAll(m.path("/proc"))
			m.wantNothingLeft()
		})
	}
}

func TestInterruptedRemoval(t *testing.T) {
	names := []string{"drain", "stop", "unregister", "unit", "files", "state"}
	for i, name := range names {
		for _, when := range []string{"before", "after"} {
			t.Run(when+" "+name, func(t *testing.T) {
				m := registered(t)
				r, out := m.removal()
				if err := r.prepare(); err != nil {
					t.Fatal(err)
				}
				steps := r.steps()
				if steps[i].name != name {
					t.Fatalf("step %d is %s", i, steps[i].name)
				}
				breakOff(t, &steps[i], when)
				if err := perform(t.Context(), steps, func(string) error { return nil }, out); !errors.Is(err, errKilled) {
					t.Fatalf("error %v", err)
				}
				again, out := m.removal()
				if err := again.Run(t.Context()); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				m.wantNothingLeft()
			})
		}
	}
}

func TestRemoveRefuses(t *testing.T) {
	tests := map[string]struct {
		spoil func(m *machine, r *Removal)
		want  string
	}{
		"not root":            {func(m *machine, _ *Removal) { m.UID = 1000 }, "run it with sudo"},
		"no token":            {func(_ *machine, r *Removal) { r.Token = forge.Token{} }, "and then here: sudo --preserve-env=GITHUB_TOKEN coldstart remove --node n1 --repo me/vllm --api-url "},
		"token that may not":  {func(_ *machine, r *Removal) { r.Token = forge.NewToken(guest) }, "'Administration: read and write'"},
		"another repository":  {func(_ *machine, r *Removal) { r.Repository.Name = "other" }, "/me/other; this removes it: sudo --preserve-env=GITHUB_TOKEN coldstart remove --node n1 --repo me/vllm --api-url "},
		"not coldstart's":     {func(m *machine, r *Removal) { os.Remove(m.path(r.stateFile())) }, "coldstart did not make /opt/coldstart/runner-n1"},
		"damaged state":       {func(m *machine, r *Removal) { os.WriteFile(m.path(r.stateFile()), []byte("{"), 0o600) }, "repair it, or move it"},
		"state of the future": {func(m *machine, r *Removal) { os.WriteFile(m.path(r.stateFile()), []byte(`{"schema":2}`), 0o600) }, "has schema 2, but this coldstart knows 1"},
		"a repository that is gone": {func(m *machine, _ *Removal) { m.server.fails("GET /actions/runners", saying(404, "Not Found")) },
			"this removes what is on this machine: sudo --preserve-env=GITHUB_TOKEN coldstart remove --node n1 --repo me/vllm --api-url "},
		"a job at the last moment": {func(m *machine, _ *Removal) {
			m.server.fails("DELETE /1", saying(422, "Runner is currently running a job"))
		}, "the runner is running a job"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := registered(t)
			r, out := m.removal()
			test.spoil(m, r)
			err := r.Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %s", err, test.want)
			}
			if !m.exists(r.Dir) {
				t.Error("the files are gone")
			}
			m.wantNoSecret(err.Error(), out.String())
		})
	}
}

// A runner that was started by hand, which systemd does not know, ends or is named.
func TestRemoveEndsWhatWasStartedByHand(t *testing.T) {
	m := registered(t)
	m.runs(81, "/opt/coldstart/runner-n1/bin/Runner.Listener", true)
	m.runs(82, "/opt/coldstart/runner-n10/bin/Runner.Listener", true) // another node's
	m.stubborn = true
	r, _ := m.removal()
	err := r.Run(t.Context())
	if want := "/opt/coldstart/runner-n1/bin/Runner.Listener still runs, which was started by hand: end it with kill -9 81, and run this again"; err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("error %v", err)
	}
	m.stubborn = false
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m.exists("/proc/81") || !m.exists("/proc/82/exe") {
		t.Error("the wrong process was ended")
	}
}
