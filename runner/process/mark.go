package process

import (
	"os"
	"slices"
	"strconv"
	"strings"
)

// Mark is a process in a form that can be kept and recognized later, also by another
// process. The kernel gives the number of an ended process to another one, which has
// started at another time. The zero Mark is no process.
type Mark struct {
	ID      int    `json:"id"`
	Session int    `json:"session"`
	Started uint64 `json:"started"` // clock ticks since the machine booted
	Boot    string `json:"boot"`
}

// MarkOf is the mark of a process; the zero Mark if the kernel says nothing about it.
func MarkOf(id int) Mark {
	s, ok := ReadStat(strconv.Itoa(id))
	if !ok {
		return Mark{}
	}
	return Mark{ID: id, Session: s.Session, Started: s.Started, Boot: boot()}
}

// Runs tells whether the process itself still runs.
func (m Mark) Runs() bool {
	s, ok := ReadStat(strconv.Itoa(m.ID))
	return ok && s.Runs() && m.Boot == boot() && m.Started == s.Started
}

// Group are the running processes of the group that the process led, by number, also after
// the process itself has ended. A group never leaves its session, so that a later group
// with the same number is told apart too if its own leader has ended.
func (m Mark) Group() (ids []int) {
	if m.Boot != boot() {
		return nil
	}
	if leader, ok := ReadStat(strconv.Itoa(m.ID)); ok && leader.Started != m.Started {
		return nil
	}
	for _, s := range members(m.ID) {
		if s.Session == m.Session {
			ids = append(ids, s.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// boot names the time since the machine booted (random(4)).
func boot() string {
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // none outside of Linux
	return strings.TrimSpace(string(id))
}
