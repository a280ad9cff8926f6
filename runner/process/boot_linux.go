package process

import (
	"time"

	"golang.org/x/sys/unix"
)

// Boot is when the machine booted by its wall clock as it is set now. The kernel's own stamp
// of it, btime in /proc/stat, has whole seconds.
func Boot() (boot time.Time) {
	for range 10 { // a thread that is interrupted between the two clocks reads them again
		var before, after unix.Timespec
		if unix.ClockGettime(unix.CLOCK_BOOTTIME, &before) != nil {
			return time.Time{}
		}
		boot = time.Now().Round(0).Add(-time.Duration(before.Nano()))
		if unix.ClockGettime(unix.CLOCK_BOOTTIME, &after) == nil && after.Nano()-before.Nano() < 1e6 {
			break
		}
	}
	return boot
}
