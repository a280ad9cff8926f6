package lock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"coldstart/runner/process"
)

func TestMain(m *testing.M) {
	lingers = 200 * time.Millisecond
	os.Exit(m.Run())
}

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

// A lock that was let go can be taken, also while programs are started, which hold it until
// their exec.
func TestTakeWhileProgramsStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	ctx, cancel := context.WithCancel(t.Context())
	var starting sync.WaitGroup
	defer starting.Wait()
	defer cancel()
	for range 4 {
		starting.Go(func() {
			for ctx.Err() == nil {
				exec.Command("true").Run()
			}
		})
	}
	for range 200 {
		file, err := Take(path)
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
}

// A lock that may only be read can be taken, but not signed.
func TestSignReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	const before = "process 1 since 10:00:00\n" // of another release
	if err := os.WriteFile(path, []byte(before), 0o444); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sign(file)
	if text, err := os.ReadFile(path); err != nil || string(text) != before || holder(file) != "another process" {
		t.Errorf("it says %q, %v; holder %q", text, err, holder(file))
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

// Whoever keeps a lock without having signed it is named, and no process that has ended:
// one that inherited it, or one that only may read it.
func TestTakeHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	file, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	signature{Holder: ended(t), Since: "10:00:00"}.write(file)
	heir := started(t, exec.Command("sleep", "1000"), file)
	file.Close()
	expectHeld(t, path, fmt.Sprintf("process %d", heir.Process.Pid))
	end(heir)

	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(reader.Fd()), syscall.LOCK_SH); err != nil {
		t.Fatal(err)
	}
	stranger := started(t, exec.Command("sleep", "1000"), reader)
	reader.Close()
	expectHeld(t, path, fmt.Sprintf("process %d", stranger.Process.Pid))
	end(stranger)
	expectFree(t, path)
}

// A lock is kept as long as a process of the program's group runs, also if that has closed
// what it inherited and the program itself has ended.
func TestExtend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	file, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	signature{Holder: ended(t), Since: "10:00:00"}.write(file)
	program := exec.Command("sh", "-c", "sleep 1000 & echo $!") // neither inherits the lock
	program.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	printed, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	started(t, program)
	var child int
	if _, err := fmt.Fscan(printed, &child); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(child, syscall.SIGKILL)
	Extend([]*os.File{file}, program.Process.Pid)
	signed := read(file)
	file.Close()
	program.Wait()
	expectHeld(t, path, fmt.Sprintf("process %d of group %d, which %s left behind", child, program.Process.Pid, signed))

	signed.Program.Session++ // another group that got the number
	rewrite(t, path, signed)
	expectFree(t, path)
	signed.Program.Session--
	rewrite(t, path, signed)
	if err := syscall.Kill(child, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for len(signed.Program.Group()) > 0 {
		time.Sleep(time.Millisecond)
	}
	expectFree(t, path)
}

// What a process that was killed left behind is ending, and is waited for: a program that
// closed the lock, and one that keeps it, of which nothing is known.
func TestTakeWaits(t *testing.T) {
	defer func(most time.Duration) { lingers = most }(lingers)
	lingers = time.Minute
	for _, keeps := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "lock")
		file, err := Take(path)
		if err != nil {
			t.Fatal(err)
		}
		signature{Holder: ended(t), Since: "10:00:00"}.write(file)
		program := exec.Command("sleep", "1000")
		program.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if keeps {
			started(t, program, file)
		} else {
			Extend([]*os.File{file}, started(t, program).Process.Pid)
		}
		file.Close()
		if _, err := take(path); err == nil {
			t.Errorf("keeps the lock: %t: it is free", keeps)
		}
		time.AfterFunc(100*time.Millisecond, func() { program.Process.Kill() })
		expectFree(t, path)
	}
}

// ended is the mark of a process that has ended.
func ended(t *testing.T) process.Mark {
	t.Helper()
	cmd := started(t, exec.Command("sleep", "1000"))
	mark := process.MarkOf(cmd.Process.Pid)
	end(cmd)
	return mark
}

func started(t *testing.T, cmd *exec.Cmd, inherited ...*os.File) *exec.Cmd {
	t.Helper()
	cmd.ExtraFiles = inherited
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(cmd) })
	return cmd
}

func end(cmd *exec.Cmd) {
	cmd.Process.Kill()
	cmd.Wait()
}

func rewrite(t *testing.T, path string, s signature) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s.write(file)
}

func expectHeld(t *testing.T, path, holder string) {
	t.Helper()
	var held *HeldError
	if _, err := Take(path); !errors.As(err, &held) || held.Holder != holder {
		t.Errorf("error %v, want one that it is held by %s", err, holder)
	}
}

func expectFree(t *testing.T, path string) {
	t.Helper()
	file, err := Take(path)
	if err != nil {
		t.Fatalf("the lock cannot be taken: %v", err)
	}
	file.Close()
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
