package hardware

import (
	"strconv"
	"strings"
)

// mount is a line of /proc/self/mountinfo.
type mount struct {
	device     string // major:minor
	point      string
	fileSystem string // type
	source     string
}

// readMounts reads mountinfo (proc_pid_mountinfo(5)):
//
//	27 1 254:0 / /data rw,relatime shared:1 - ext4 /dev/vda rw
//
// with any number of fields before the hyphen. It skips other lines.
func readMounts(mountinfo string) (mounts []mount) {
	for line := range strings.Lines(mountinfo) {
		before, after, ok := strings.Cut(line, " - ")
		b, a := strings.Fields(before), strings.Fields(after)
		if ok && len(b) >= 6 && len(a) >= 2 {
			mounts = append(mounts, mount{device: b[2], point: unescape(b[4]), fileSystem: a[0], source: unescape(a[1])})
		}
	}
	return mounts
}

// mountOf is the mount that a path lies in: the longest mount point above it, and among
// equal ones the last, which hides the others.
func mountOf(mounts []mount, path string) (found mount, ok bool) {
	for _, m := range mounts {
		below := m.point == "/" || path == m.point || strings.HasPrefix(path, m.point+"/")
		if below && len(m.point) >= len(found.point) {
			found, ok = m, true
		}
	}
	return found, ok
}

// unescape undoes the kernel's octal escapes of space, tab, newline and backslash, which
// Go's string literals have too.
func unescape(text string) string {
	if plain, err := strconv.Unquote(`"` + text + `"`); err == nil {
		return plain
	}
	return text
}
