package process

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// poll is the interval of looking at a group that is being ended.
const poll = 20 * time.Millisecond

// endGroup ends the rest of a process group: it sends SIGTERM, waits for grace, sends
// SIGKILL, and waits until the group is gone. It leaves a group that it may not kill, such
// as sudo's.
func endGroup(group int, grace time.Duration) {
	if !runs(group) {
		return
	}
	syscall.Kill(-group, syscall.SIGTERM)
	for deadline := time.Now().Add(grace); runs(group) && time.Now().Before(deadline); {
		time.Sleep(poll)
	}
	for runs(group) && syscall.Kill(-group, syscall.SIGKILL) == nil {
		time.Sleep(poll)
	}
}

// runs tells whether a group has a process that is not a zombie. A zombie accepts signals
// until its parent waits for it, and that of a grandchild may never do so.
func runs(group int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		if state, g, ok := parseStat(text); ok && g == group && state != 'Z' && state != 'X' {
			return true
		}
	}
	return false
}

// parseStat reads a process's state and group from /proc/PID/stat. They follow its name,
// which is in parentheses and may contain anything (proc(5)).
func parseStat(text []byte) (state byte, group int, ok bool) {
	end := bytes.LastIndexByte(text, ')')
	fields := bytes.Fields(text[end+1:])
	if end < 0 || len(fields) < 3 {
		return 0, 0, false
	}
	group, err := strconv.Atoi(string(fields[2]))
	return fields[0][0], group, err == nil
}
