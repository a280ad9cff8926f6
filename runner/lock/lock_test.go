package lock

import (
	"errors"
	"fmt"
	"os"
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
	if err := sign(file); err != nil {
		t.Error(err)
	}
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

func TestTakeNowhere(t *testing.T) {
	if _, err := Take(filepath.Join(t.TempDir(), "no", "lock")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
