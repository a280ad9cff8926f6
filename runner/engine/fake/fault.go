package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"coldstart/reports/phase"
)

// faults are the ways to fail, each after a part of the log.
var faults = map[string]func(log []byte) error{
	"crash":      crash,
	"hang":       hang,
	"stubborn":   stubborn,
	"grandchild": grandchild,
	"half-line":  halfLine,
	"flood":      flood,
}

// due is the fault of this run; nil for none.
func (o *options) due() (func([]byte) error, error) {
	if o.fault == "" || o.only != "" && o.only != strconv.Itoa(o.iteration) {
		return nil, nil
	}
	fault := faults[o.fault]
	if fault == nil {
		return nil, fmt.Errorf("unknown fault %q; choose %s",
			o.fault, strings.Join(slices.Sorted(maps.Keys(faults)), ", "))
	}
	if o.once == "" {
		return fault, nil
	}
	done, err := os.OpenFile(o.once, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return fault, done.Close()
}

// until is the log up to the line of a phase; all of it without a name.
func until(log []byte, name string) []byte {
	if name == "" {
		return log
	}
	var part []byte
	there := false
	follower := phase.NewFollower(func(what string) { there = what == name })
	for _, line := range bytes.SplitAfter(log, []byte("\n")) {
		part = append(part, line...)
		if follower.Write(line); there {
			break
		}
	}
	return part
}

// crash ends like Python after an exception.
func crash(log []byte) error {
	os.Stdout.Write(log)
	fmt.Println("Traceback (most recent call last):\n  File \"core.py\", line 636, in run_engine_core\n" +
		"ValueError: a fault that was asked for")
	os.Exit(1)
	return nil
}

// hang never ends by itself.
func hang(log []byte) error {
	os.Stdout.Write(log)
	for {
		time.Sleep(time.Hour)
	}
}

// stubborn hangs and ignores SIGTERM.
func stubborn(log []byte) error {
	signal.Ignore(syscall.SIGTERM)
	return hang(log)
}

// grandchild ends, but leaves behind a process that holds its output open and ignores
// SIGTERM. It prints the process ID.
func grandchild(log []byte) error {
	child := exec.Command("sh", "-c", `trap '' TERM; while :; do sleep 1; done`)
	child.Stdout = os.Stdout
	if err := child.Start(); err != nil {
		return err
	}
	os.Stdout.Write(log)
	fmt.Println("fake-engine: left behind", child.Process.Pid)
	return nil
}

// halfLine ends in the middle of the last line.
func halfLine(log []byte) error {
	last := bytes.LastIndexByte(bytes.TrimSuffix(log, []byte("\n")), '\n') + 1
	_, err := os.Stdout.Write(log[:last+(len(log)-last)/2])
	return err
}

// flood prints a gigabyte before the log.
func flood(log []byte) error {
	line := append(bytes.Repeat([]byte("x"), 1<<20-1), '\n')
	for range 1 << 10 {
		if _, err := os.Stdout.Write(line); err != nil {
			return err
		}
	}
	_, err := os.Stdout.Write(log)
	return err
}
