package lock

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// holder is who holds a lock, as far as this user may see it: who signed it, a process of
// the program that it started, or else any other process that has the file open. An ended
// process is never the holder.
func holder(file *os.File) string {
	signed, users := read(file), usersOf(file)
	if slices.Contains(users, signed.Holder.ID) || len(users) == 0 && signed.Holder.Runs() {
		return signed.String()
	}
	if left := signed.left(); left != "" {
		return left
	}
	if len(users) > 0 {
		return fmt.Sprintf("process %d", users[0])
	}
	return "another process"
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
