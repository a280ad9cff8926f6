package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// stat is what the kernel says about a process.
type stat struct {
	id      int
	state   byte
	group   int
	session int
	started uint64 // clock ticks since the machine booted
}

// runs is false for a zombie. A zombie accepts signals until its parent waits for it, and
// that of a grandchild may never do so.
func (s stat) runs() bool { return s.state != 'Z' && s.state != 'X' }

// processes are all processes of the machine that this one can see.
func processes() (all []stat) {
	paths, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		if s, ok := parseStat(text); ok {
			all = append(all, s)
		}
	}
	return all
}

// members are the running processes of a group.
func members(group int) (all []stat) {
	for _, s := range processes() {
		if s.group == group && s.runs() {
			all = append(all, s)
		}
	}
	return all
}

// statOf is the stat of one process.
func statOf(id int) (s stat, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id))
	if err != nil {
		return stat{}, false
	}
	return parseStat(text)
}

// parseStat reads /proc/PID/stat (proc(5)). The process's name is in parentheses and may
// contain anything; the fields after it are counted from its state, the third.
func parseStat(text []byte) (s stat, ok bool) {
	const pgrp, session, starttime = 5 - 3, 6 - 3, 22 - 3
	begin, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	fields := bytes.Fields(text[end+1:])
	if begin < 0 || end < 0 || len(fields) <= starttime {
		return stat{}, false
	}
	s.state, ok = fields[0][0], true
	number := func(field []byte) uint64 {
		n, err := strconv.ParseUint(string(bytes.TrimSpace(field)), 10, 63)
		ok = ok && err == nil
		return n
	}
	s.id, s.group, s.session = int(number(text[:begin])), int(number(fields[pgrp])), int(number(fields[session]))
	s.started = number(fields[starttime])
	return s, ok
}
