package doctor

import (
	"fmt"

	"golang.org/x/sys/unix"
)

func freeGiB(path string) (float64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return float64(fs.Bavail) * float64(fs.Bsize) / (1 << 30), nil
}

func openFiles() (uint64, error) {
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	return limit.Max, err
}

// clockSynchronized asks the kernel, which the daemons that set the clock tell.
func clockSynchronized() (bool, error) {
	var timex unix.Timex
	state, err := unix.Adjtimex(&timex)
	return err == nil && state != unix.TIME_ERROR && timex.Status&unix.STA_UNSYNC == 0, err
}
