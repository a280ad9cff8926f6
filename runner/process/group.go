package process

import (
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

// runs tells whether a group has a process that is not a zombie.
func runs(group int) bool { return len(members(group)) > 0 }
