package registration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/runner/process"
)

// Whatever this process has in its environment, a child gets what it is given.
func TestChildrenInheritNothing(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", admin)
	t.Setenv("RUNNER_REGISTRATION_TOKEN", reg)
	t.Setenv("https_proxy", "http://proxy:3128")
	dir := t.TempDir()
	output, err := runCommand(t.Context(), Command{Args: private([]string{"sh", "-c", "env; pwd; touch made; ls -l made"}), Dir: dir, Env: []string{"GIVEN=1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"GIVEN=1", "LANG=C.UTF-8", "PATH=" + systemPath, filepath.Base(dir), "-rw------- "} {
		if !strings.Contains(output, part) {
			t.Errorf("%q is missing in\n%s", part, output)
		}
	}
	for _, part := range append(secrets, "TOKEN", "proxy") {
		if strings.Contains(output, part) {
			t.Errorf("%q is in\n%s", part, output)
		}
	}
	if env := environment(&Account{Name: "x", Home: "/var/lib/x"}); !strings.Contains(fmt.Sprint(env), "https_proxy=http://proxy:3128") || strings.Contains(fmt.Sprint(env), "TOKEN") {
		t.Errorf("the runner's user gets %v", env)
	}
}

func TestCommandsThatFail(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		ctx  context.Context
		args []string
		want string
	}{
		{t.Context(), []string{"no-such-program"}, "no-such-program is not installed: install it"},
		{t.Context(), []string{"sh", "-c", "seq 100; exit 3"}, "sh failed (exit status 3):\n    95\n    96\n    97\n    98\n    99\n    100"},
		{t.Context(), []string{"sh", "-c", "exit 3"}, "sh failed: exit status 3"},
		{ctx, []string{"sleep", "60"}, "context canceled"},
	}
	for _, test := range tests {
		output, err := runCommand(test.ctx, Command{Args: test.args})
		if err := failed(test.args, output, err); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%v: error %v", test.args, err)
		}
	}
}

// A command that is interrupted is over with all that it has started.
func TestCommandIsInterruptedWhole(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	begun, marks := filepath.Join(t.TempDir(), "begun"), make(chan process.Mark, 1)
	go func() {
		for ; ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
			var group int
			text, _ := os.ReadFile(begun)
			if _, err := fmt.Sscanln(string(text), &group); err == nil {
				marks <- process.MarkOf(group)
				cancel()
			}
		}
	}()
	if _, err := runCommand(ctx, Command{Args: []string{"sh", "-c", "echo $$ >" + begun + "; sleep 60; echo on"}}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	mark := <-marks
	if left := mark.Group(); len(left) > 0 {
		t.Errorf("processes %v of it go on", left)
	}
}

// The system's own parts, as far as they need no root.
func TestLocal(t *testing.T) {
	s := Local()
	if !s.Has("sh") || s.Has("no-such-program") || s.path("/etc") != "/etc" {
		t.Errorf("%+v", s)
	}
	me, err := user.Current()
	if err != nil {
		t.Skip(err)
	}
	account, err := s.Lookup(me.Username)
	if err != nil || fmt.Sprint(account.UID) != me.Uid || account.Home != me.HomeDir {
		t.Errorf("%+v, error %v", account, err)
	}
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := s.Own(dir, ".", account); err != nil {
		t.Error(err)
	}
	if info, err := dir.Stat("."); err != nil || s.Owner(info) != account.UID {
		t.Errorf("error %v", err)
	}
}
