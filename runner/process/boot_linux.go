package process

import (
	"time"

	"golang.org/x/sys/unix"
)

// Boot is when the machine booted by its wall clock as it is set now. The kernel's own stamp
// of it, btime in /proc/stat, has whole seconds.
func Boot() time.Time {
	var since unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &since) != nil {
		return time.Time{}
	}
	return time.Now().Round(0).Add(-time.Duration(since.Nano()))
}
