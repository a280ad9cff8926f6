//go:build unix

package result_test

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"coldstart/reports/result"
	"coldstart/reports/testkit"
)

// smallDisk names the directory that a helper process of TestFullDisk writes into. The
// helper is this test binary.
const smallDisk = "COLDSTART_TEST_SMALL_DISK"

func TestMain(m *testing.M) {
	if root := os.Getenv(smallDisk); root != "" {
		os.Exit(writeBeyondLimit(root))
	}
	os.Exit(m.Run())
}

// writeBeyondLimit writes a cell that is larger than the limit on the size of files. A
// full file system has the same effect, but only root can make one. The limit ends with
// the function: under -cover, the process writes its counters when it exits.
func writeBeyondLimit(root string) (status int) {
	const most = 4 << 10
	signal.Ignore(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return 2
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: before.Max}); err != nil {
		return 2
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)
	plan := smallPlan("s1")
	directory, err := result.Create(root, plan)
	if err != nil {
		println(err.Error())
		return 2
	}
	cell := directory.Cell(plan.Cells[0])
	cell.Result.Error = strings.Repeat("x", 2*most)
	if err := cell.Write(); err != nil {
		println(err.Error())
	}
	file, _, err := cell.Log(1, "alpha")
	if err != nil {
		println(err.Error())
		return 2
	}
	if _, err := file.WriteString(cell.Result.Error); err != nil {
		println(err.Error())
	}
	plan.Engine = cell.Result.Error
	if _, err := result.Create(root, plan); err != nil {
		println(err.Error())
	}
	return 0
}

// The error of a full disk names the file. No partial file is left, and earlier files
// stay.
func TestFullDisk(t *testing.T) {
	root := t.TempDir()
	measure(t, root, smallPlan("s1"), noon, 2)
	self, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	helper := exec.Command(self)
	helper.Env = append(os.Environ(), smallDisk+"="+root, "TMPDIR="+root)
	told, err := helper.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, told)
	}
	lines := strings.Split(strings.TrimSpace(string(told)), "\n")
	files := []string{"cells/figure7-n1/cell.json", "cells/figure7-n1/logs/1/alpha.log", "plan.json"}
	if len(lines) != len(files) {
		t.Fatalf("%d failures, want %d: %s", len(lines), len(files), told)
	}
	for i, file := range files {
		if path := filepath.Join(root, file); !strings.Contains(lines[i], path+": ") || !strings.HasSuffix(lines[i], "file too large") {
			t.Errorf("error %q does not name %s", lines[i], path)
		}
	}
	results, err := result.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := profiled(t, results); got != 2 || results.Plan.Engine != "vllm" {
		t.Errorf("the earlier run took %v s, want 2; the engine is %q, want vllm", got, results.Plan.Engine)
	}
	if pieces, _ := filepath.Glob(filepath.Join(root, "*.json*")); len(pieces) != 1 {
		t.Errorf("left behind: %q", pieces)
	}
	if pieces, _ := filepath.Glob(filepath.Join(root, ".*")); len(pieces) != 0 {
		t.Errorf("left behind: %q", pieces)
	}
}

// An error names the path that cannot be written. The test uses a file in place of a
// directory, because permissions do not stop root.
func TestUnwritablePlaces(t *testing.T) {
	plan := smallPlan("s1")
	t.Run("session", func(t *testing.T) {
		root := t.TempDir()
		testkit.WriteFiles(t, root, map[string]string{"out": "a file"})
		_, err := result.Create(filepath.Join(root, "out"), plan)
		wantNamed(t, err, filepath.Join(root, "out"))
	})
	t.Run("cell", func(t *testing.T) {
		root := t.TempDir()
		directory, err := result.Create(root, plan)
		if err != nil {
			t.Fatal(err)
		}
		testkit.WriteFiles(t, root, map[string]string{"cells": "a file"})
		cell := directory.Cell(plan.Cells[0])
		place := filepath.Join(root, "cells")
		_, _, err = cell.Log(1, "alpha")
		wantNamed(t, err, place)
		wantNamed(t, cell.CPUUsage(&result.CPUUsage{}), place)
		wantNamed(t, cell.Write(), place)
		results, err := result.Read(root)
		if err != nil || len(results.Cells) > 0 {
			t.Errorf("the session reads as %+v, %v; want it whole and without cells", results, err)
		}
	})
}

func wantNamed(t *testing.T, err error, path string) {
	t.Helper()
	if !errors.Is(err, syscall.ENOTDIR) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that says of %s: %v", err, path, syscall.ENOTDIR)
	}
}
