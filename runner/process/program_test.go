package process

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shell is a program that runs a script.
func shell(script string) *Program {
	return &Program{Args: []string{"sh", "-c", script}, Env: os.Environ(), Limit: time.Minute, Grace: 300 * time.Millisecond}
}

func TestRunKeepsWhatItPrints(t *testing.T) {
	var log bytes.Buffer
	if err := shell(`echo out; echo err >&2; printf half`).Run(context.Background(), &log); err != nil {
		t.Fatal(err)
	}
	if got := log.String(); got != "out\nerr\nhalf" {
		t.Errorf("the log is %q", got)
	}
}

func TestRunFailures(t *testing.T) {
	var failed *exec.ExitError
	if err := shell("exit 3").Run(context.Background(), &bytes.Buffer{}); !errors.As(err, &failed) || failed.ExitCode() != 3 {
		t.Errorf("a crash: %v", err)
	}
	missing := shell("")
	missing.Args = []string{"/no/such/program"}
	if err := missing.Run(context.Background(), &bytes.Buffer{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no program: %v", err)
	}
}

func TestRunLimit(t *testing.T) {
	p := shell("sleep 1000")
	p.Limit = 100 * time.Millisecond
	var limit *LimitError
	if err := p.Run(context.Background(), &bytes.Buffer{}); !errors.As(err, &limit) {
		t.Errorf("error %v", err)
	}
}

// Processes that a program leaves behind are ended within its grace.
func TestRunEndsWhatIsLeftBehind(t *testing.T) {
	dir := t.TempDir()
	p := shell(`sh -c 'echo $$ >PID; exec sleep 1000' & while [ ! -s PID ]; do sleep 0.01; done; echo done`)
	p.Dir = dir
	var log bytes.Buffer
	if err := p.Run(context.Background(), &log); err != nil || log.String() != "done\n" {
		t.Errorf("%v, log %q", err, log.String())
	}
	expectGone(t, filepath.Join(dir, "PID"))
}

// An interrupted program is ended with all of its children, also if it ignores SIGTERM.
func TestRunInterrupted(t *testing.T) {
	scripts := map[string]string{
		"hangs":             `echo $$ >PID; echo started; sleep 1000`,
		"ignores SIGTERM":   `trap '' TERM; echo $$ >PID; echo started; while :; do sleep 1; done`,
		"leaves grandchild": `sh -c 'trap "" TERM; echo $$ >PID; echo started; while :; do sleep 1; done' & sleep 1000`,
	}
	for name, script := range scripts {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			p := shell(script)
			p.Dir = t.TempDir()
			err := p.Run(ctx, writerFunc(func(text []byte) (int, error) { cancel(); return len(text), nil }))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			expectGone(t, filepath.Join(p.Dir, "PID"))
		})
	}
}

// TestMain is also the process that is killed in TestKilledTakesItsProgramAlong.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PROCESS_TEST_DIR"); dir != "" {
		p := shell(`echo $$ >PID; exec sleep 1000`)
		p.Dir = dir
		p.Run(context.Background(), os.Stdout)
		return
	}
	os.Exit(m.Run())
}

// If this process is killed, its program ends too and frees the GPU.
func TestKilledTakesItsProgramAlong(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a program with its parent")
	}
	dir := t.TempDir()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), "PROCESS_TEST_DIR="+dir)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "PID")
	for text, _ := os.ReadFile(path); len(text) == 0; text, _ = os.ReadFile(path) {
		time.Sleep(poll)
	}
	parent.Process.Kill()
	parent.Wait()
	expectGone(t, path)
}

// A failing writer ends the program.
func TestRunBrokenLog(t *testing.T) {
	full := errors.New("disk full")
	err := shell(`while :; do echo line; sleep 0.01; done`).Run(context.Background(), writerFunc(func([]byte) (int, error) { return 0, full }))
	if !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

// A gigabyte of output is passed on without being kept.
func TestRunPrintsMuch(t *testing.T) {
	printed := 0
	err := shell(`head -c 1000000000 /dev/zero`).Run(context.Background(), writerFunc(func(p []byte) (int, error) { printed += len(p); return len(p), nil }))
	if err != nil || printed != 1_000_000_000 {
		t.Errorf("%d bytes, %v", printed, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// expectGone checks that the process whose ID is in a file has ended.
func expectGone(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(poll) {
		if s, ok := ReadStat(strconv.Itoa(pid)); !ok || !s.Runs() {
			return
		}
		if time.Now().After(deadline) {
			syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("process %d still runs", pid)
		}
	}
}
