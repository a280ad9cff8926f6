package lock

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	var held *HeldError
	if _, err := Take(path); !errors.As(err, &held) || !strings.HasPrefix(held.Holder, fmt.Sprintf("process %d since ", os.Getpid())) {
		t.Errorf("a lock that is held: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Take(path)
	if err != nil {
		t.Fatalf("a lock that was let go: %v", err)
	}
	again.Close()
}

// A lock that may only be read can be taken, but not signed.
func TestSignReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if err := os.WriteFile(path, []byte("process 1 since 10:00:00\n"), 0o444); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sign(file)
	if got := holder(file); got != "process 1 since 10:00:00" {
		t.Errorf("holder %q", got)
	}
}

// A lock is for all users, also where its first one keeps files to himself.
func TestTakeMasked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	mask := syscall.Umask(0o077)
	file, err := Take(path)
	syscall.Umask(mask)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// What somebody planted in the lock's place is refused, and nothing is written through
// it.
func TestTakePlanted(t *testing.T) {
	const kept = "nobody's business\n"
	tests := map[string]struct {
		plant func(path, victim string) error
		want  string
	}{
		"a link to a file":         {func(path, victim string) error { return os.Symlink(victim, path) }, "is a link"},
		"a link to nothing":        {func(path, victim string) error { return os.Symlink(victim+"-not-there", path) }, "is a link"},
		"a directory":              {func(path, _ string) error { return os.Mkdir(path, 0o755) }, "is a directory"},
		"a pipe that nobody reads": {func(path, _ string) error { return syscall.Mkfifo(path, 0o644) }, "is a special file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, victim := filepath.Join(dir, "lock"), filepath.Join(dir, "victim")
			if err := errors.Join(os.WriteFile(victim, []byte(kept), 0o644), test.plant(path, victim)); err != nil {
				t.Fatal(err)
			}
			if _, err := Take(path); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if text, err := os.ReadFile(victim); err != nil || string(text) != kept {
				t.Errorf("the file that it leads to holds %q, %v", text, err)
			}
			if _, err := os.Stat(victim + "-not-there"); err == nil {
				t.Error("a file was made where the link leads")
			}
		})
	}
}

func TestTakeNowhere(t *testing.T) {
	if _, err := Take(filepath.Join(t.TempDir(), "no", "lock")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// A process that inherited a lock holds it after the one that took it, and is named.
func TestTakeInherited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	file, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt([]byte("process 99999999 since 10:00:00\n"), 0); err != nil { // an ended one
		t.Fatal(err)
	}
	heir := exec.Command("sleep", "60")
	heir.ExtraFiles = []*os.File{file}
	if err := heir.Start(); err != nil {
		t.Fatal(err)
	}
	defer heir.Wait()
	defer heir.Process.Kill()
	file.Close()
	var held *HeldError
	want := fmt.Sprintf("process %d, which process 99999999 since 10:00:00 left behind", heir.Process.Pid)
	if _, err := Take(path); !errors.As(err, &held) || held.Holder != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

// A directory is locked without a file in it.
func TestTakeDirectory(t *testing.T) {
	dir := t.TempDir()
	first, err := TakeDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	var held *HeldError
	if _, err := TakeDirectory(dir); !errors.As(err, &held) || held.Path != dir || held.Holder != "another process" { // it is this one
		t.Errorf("a directory that is held: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
	first.Close()
	again, err := TakeDirectory(dir)
	if err != nil {
		t.Fatalf("a directory that was let go: %v", err)
	}
	again.Close()
	if _, err := TakeDirectory(filepath.Join(dir, "no")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}
