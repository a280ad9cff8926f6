package process

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// poll is how often a group that is to end is looked at.
const poll = 20 * time.Millisecond

// endGroup ends what is left of a process group: it asks, waits for grace, kills, and
// waits until the group is gone. A group of another user, such as sudo's, may not be
// killed and is left.
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

// runs tells whether a process of a group is there that is no zombie. A zombie
// answers to signals until its parent has looked at it, which for a grandchild
// is nobody's hurry.
func runs(group int) bool {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		if state, g, ok := parseStat(text); ok && g == group && state != 'Z' && state != 'X' {
			return true
		}
	}
	return false
}

// parseStat reads a process's state and group from /proc/PID/stat, where its name
// stands before them in brackets and may hold anything (proc(5)).
func parseStat(text []byte) (state byte, group int, ok bool) {
	end := bytes.LastIndexByte(text, ')')
	fields := bytes.Fields(text[end+1:])
	if end < 0 || len(fields) < 3 {
		return 0, 0, false
	}
	group, err := strconv.Atoi(string(fields[2]))
	return fields[0][0], group, err == nil
}
