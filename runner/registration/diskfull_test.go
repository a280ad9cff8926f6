//go:build diskfull

package registration

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A disk that fills up while the runner is unpacked leaves nothing of it, and the
// next run, with more room, comes to the end.
func TestRegisterOnAFullDisk(t *testing.T) {
	if os.Getenv("ON_SMALL_DISK") == "" {
		onSmallDisks(t)
		return
	}
	s := newServer(t)
	m := newMachine(t, s)
	m.serves(append([]entry{{"big", '0', 0o644, strings.Repeat("x", 1<<20)}}, standIn...))
	opt := m.path("/opt")
	mount(t, "-t", "tmpfs", "-o", "size=300k", "none", opt)
	t.Cleanup(func() { exec.Command("umount", opt).Run() })
	r, _ := m.registration()
	err := r.Run(t.Context())
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "make room in /opt/coldstart, about 2 GB for GitHub's runner") {
		t.Fatalf("error %v", err)
	}
	left, err := filepath.Glob(opt + "/coldstart/*")
	if hidden, _ := filepath.Glob(opt + "/coldstart/.*"); err != nil || len(left) != 1 || len(hidden) > 0 {
		t.Errorf("left: %v %v", left, hidden)
	}
	mount(t, "-o", "remount,size=10m", opt)
	if err := r.Run(t.Context()); err != nil {
		t.Error(err)
	}
}

func mount(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// onSmallDisks runs the test once more, where only it sees what it mounts.
func onSmallDisks(t *testing.T) {
	words := []string{"unshare", "--mount", "env", "ON_SMALL_DISK=1", os.Args[0], "-test.run=^" + t.Name() + "$", "-test.v"}
	if os.Getuid() != 0 {
		words = append([]string{"sudo", "-n"}, words...)
	}
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v: %s", err, out)
	}
}
