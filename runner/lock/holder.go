package lock

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// holder is who signed a lock. If that process has ended, it is also the process that
// inherited the lock, as far as this user may see it.
func holder(file *os.File) string {
	text, _ := io.ReadAll(io.LimitReader(file, 1000)) // nothing of a directory
	signed := strings.TrimSpace(string(text))
	var signer int
	fmt.Sscanf(signed, "process %d", &signer) // 0 without a signature
	users := usersOf(file)
	switch {
	case len(users) == 0 && signed == "":
		return "another process"
	case len(users) == 0, slices.Contains(users, signer):
		return signed
	case signed == "":
		return fmt.Sprintf("process %d", users[0])
	}
	return fmt.Sprintf("process %d, which %s left behind", users[0], signed)
}

// usersOf are the other processes that have a file open, by /proc (proc(5)).
func usersOf(file *os.File) (users []int) {
	wanted, err := file.Stat()
	if err != nil {
		return nil
	}
	opened, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, path := range opened {
		info, err := os.Stat(path)
		if err != nil || !os.SameFile(info, wanted) {
			continue
		}
		process, err := strconv.Atoi(strings.Split(path, "/")[2])
		if err == nil && process != os.Getpid() {
			users = append(users, process)
		}
	}
	slices.Sort(users)
	return slices.Compact(users)
}
