package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"coldstart/reports/result"
)

// largeResults are results whose cell takes seconds to read.
func largeResults(t *testing.T) (dir string, cellBytes int64) {
	t.Helper()
	dir = t.TempDir()
	if got := coldstart(t, "reproduce", "--figures", "2", "--out", dir); got.code != exitDone {
		t.Fatal(got.err)
	}
	path := filepath.Join(dir, "cells/figure2-n1/cell.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cell result.CellResult
	if err := json.Unmarshal(text, &cell); err != nil {
		t.Fatal(err)
	}
	run := cell.Runs[len(cell.Runs)-1]
	for run.Iteration < 50_000 { // below the limit of a file
		run.Iteration++
		cell.Runs = append(cell.Runs, run)
	}
	if text, err = json.Marshal(cell); err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, int64(len(text))
}

// awaitRead waits until a process has read some bytes.
func awaitRead(t *testing.T, process int, bytes int64) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(time.Millisecond) {
		var read int64
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/io", process))
		if fmt.Sscanf(string(text), "rchar: %d", &read); read >= bytes {
			return
		}
	}
	t.Fatal("the results are not read")
}

// A signal ends commands that only read and write files at once.
func TestSignalEndsReading(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/io"); err != nil {
		t.Skip("nothing here tells what a process has read")
	}
	dir, size := largeResults(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		for _, args := range [][]string{
			{"report", "--from", dir},
			{"compare", dir, "paper"},
			{"claims", "--from", dir},
			{"comment", "--from", dir, "--dry-run"},
		} {
			out := filepath.Join(t.TempDir(), "out")
			if args[0] == "report" || args[0] == "compare" {
				args = append(args, "--out", out)
			}
			cmd := process(t, args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			awaitRead(t, cmd.Process.Pid, size)
			expectEnded(t, cmd, signal)
			if _, err := os.Stat(out); err == nil {
				t.Errorf("%s went on and wrote", args[0])
			}
		}
	}
}

// A signal ends comment also while the server does not answer.
func TestSignalEndsComment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if got := coldstart(t, "reproduce", "--figures", "2", "--out", dir); got.code != exitDone {
		t.Fatal(got.err)
	}
	asked := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // only then the server sees that the client has gone
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer server.Close()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := process(t, "comment", "--from", dir, "--repo", "a/b", "--pull", "1", "--api-url", server.URL+"/api/v3")
		cmd.Env = append(cmd.Env, "GITHUB_TOKEN=x")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-asked
		expectEnded(t, cmd, signal)
	}
}

// expectEnded sends a process a signal, which ends it.
func expectEnded(t *testing.T, cmd *exec.Cmd, signal syscall.Signal) {
	t.Helper()
	cmd.Process.Signal(signal)
	stuck := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer stuck.Stop()
	cmd.Wait()
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != signal {
		t.Errorf("%s after %v: %v", strings.Join(cmd.Args[1:], " "), signal, cmd.ProcessState)
	}
}
