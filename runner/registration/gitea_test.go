package registration

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coldstart/reports/result"
	"coldstart/runner/forge"
)

// actRunnerScript stands in for Gitea's agent. One that is new names a variable in
// its help, and reads the token there.
func actRunnerScript(t *testing.T, isNew bool) (path string) {
	t.Helper()
	help := "--token string   Runner token"
	if isNew {
		help += " (or set the GITEA_RUNNER_REGISTRATION_TOKEN envvar)"
	}
	path = filepath.Join(t.TempDir(), "act_runner-download")
	script := `#!/bin/sh
[ "$1" != --version ] || { echo 'act_runner version v0.2.13'; exit; }
[ "$2" != --help ] || { echo '` + help + `'; exit; }
[ ! -e .runner ] || echo overwritten
token=$GITEA_RUNNER_REGISTRATION_TOKEN
while [ $# -gt 0 ]; do [ "$1" != --token ] || token=$2; shift; done
[ "$token" = ` + reg + ` ] || exit 1
echo '{"token": "its own"}' >.runner
`
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func giteaMachine(t *testing.T) *machine {
	s := newServer(t)
	s.gitea = true
	return newMachine(t, s)
}

func TestGitea(t *testing.T) {
	m := giteaMachine(t)
	m.server.add("n1", []string{"old"}) // of an interrupted registration
	r, out := m.registration()
	r.Agent = actRunnerScript(t, true)
	if err := r.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	registering := m.ran()[slices.IndexFunc(m.ran(), func(line string) bool { return strings.Contains(line, "--instance") })]
	want := `sudo -u coldstart-runner sh -c 'umask 077; exec "$@"' sh ./act_runner register --no-interactive --instance ` + m.server.http.URL +
		` --name n1 --labels self-hosted:host,n1:host,h100-nvl:host,rack-2:host`
	if registering != want {
		t.Errorf("ran %s", registering)
	}
	files := m.snapshot()
	if got := files["opt/coldstart/runner-n1/.runner"]; !strings.HasPrefix(got, "-rw------- 990 ") {
		t.Errorf(".runner is %q", got)
	}
	if got := files["etc/systemd/system/coldstart-runner-n1.service"]; !strings.Contains(got, "\nExecStart=/opt/coldstart/runner-n1/act_runner daemon\n") || strings.Contains(got, "TRAP_SIG") {
		t.Errorf("unit:\n%s", got)
	}
	if got := m.server.names(); !slices.Equal(got, []string{"n1"}) {
		t.Errorf("the server knows %v", got)
	}
	m.wantNoSecret(out.String())

	status, err := Look(t.Context(), m.System, r.Repository, forge.NewToken(admin), []result.Node{n1})
	if err != nil || !status.Nodes[0].Ready() {
		t.Errorf("status %+v, error %v", status, err)
	}
	gone, _ := m.removal()
	if err := gone.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.wantNothingLeft()
}

// An old agent takes the token as an argument, which somebody must want.
func TestGiteaTokenInArgv(t *testing.T) {
	m := giteaMachine(t)
	r, out := m.registration()
	r.Agent = actRunnerScript(t, false)
	err := r.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "accept that with --token-in-argv") {
		t.Fatalf("error %v", err)
	}
	m.wantNoSecret(out.String(), err.Error())
	r.TokenInArgv = true
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestGiteaErrors(t *testing.T) {
	t.Run("no agent", func(t *testing.T) {
		r, _ := giteaMachine(t).registration()
		if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "give Gitea's act_runner with --agent PATH") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("agent for GitHub", func(t *testing.T) {
		r, _ := newMachine(t, newServer(t)).registration()
		r.Agent = actRunnerScript(t, true)
		if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "--agent is for Gitea") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no such call", func(t *testing.T) {
		m := giteaMachine(t)
		m.server.fails("GET /registration-token", saying(404, "Not Found"))
		r, out := m.registration()
		r.Agent = actRunnerScript(t, true)
		if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "or this release of the server has no such call") {
			t.Errorf("error %v\n%s", err, out)
		}
	})
}
