package process

import (
	"bytes"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Stat is what the kernel says about a process.
type Stat struct {
	ID      int
	Name    string // its first 15 bytes
	Group   int    // of processes
	Session int
	Started uint64 // clock ticks of tick since the machine booted
	state   byte
}

// tick is the kernel's unit of times (USER_HZ), the same on all machines that Go knows.
const tick = 10 * time.Millisecond

// Runs is false for a zombie. A zombie accepts signals until its parent waits for it, and
// that of a grandchild may never do so.
func (s *Stat) Runs() bool { return s.state != 'Z' && s.state != 'X' }

// At is when the process started, on a machine that booted at a time.
func (s *Stat) At(boot time.Time) time.Time { return boot.Add(time.Duration(s.Started) * tick) }

// processes are all processes of the machine that this one can see.
func processes() (all []Stat) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		if s, ok := ReadStat(filepath.Base(dir)); ok { // else it has ended
			all = append(all, s)
		}
	}
	return all
}

// members are the running processes of a group.
func members(group int) (all []Stat) {
	for _, s := range processes() {
		if s.Group == group && s.Runs() {
			all = append(all, s)
		}
	}
	return all
}

// ReadStat reads the entry of a process. It is false if there is none. Package os would make
// twice the system calls.
func ReadStat(id string) (s Stat, ok bool) {
	file, err := unix.Open("/proc/"+id+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return Stat{}, false
	}
	defer unix.Close(file)
	var text [1024]byte // some three times the longest
	n, err := unix.Read(file, text[:])
	if err != nil {
		return Stat{}, false
	}
	return parseStat(text[:n])
}

// parseStat reads /proc/PID/stat (proc(5)). The process's name is in parentheses and may
// contain anything; the fields after it are counted from its state, the third.
func parseStat(text []byte) (s Stat, ok bool) {
	const pgrp, session, starttime = 5 - 3, 6 - 3, 22 - 3
	begin, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	fields := bytes.Fields(text[end+1:])
	if begin < 0 || end < begin || len(fields) <= starttime {
		return Stat{}, false
	}
	s.Name, s.state, ok = string(text[begin+1:end]), fields[0][0], true
	number := func(field []byte) uint64 {
		n, err := strconv.ParseUint(string(bytes.TrimSpace(field)), 10, 63)
		ok = ok && err == nil
		return n
	}
	s.ID, s.Group, s.Session = int(number(text[:begin])), int(number(fields[pgrp])), int(number(fields[session]))
	s.Started = number(fields[starttime])
	return s, ok
}
