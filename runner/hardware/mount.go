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

// readMounts reads mountinfo, as proc_pid_mountinfo(5) has it:
//
//	27 1 254:0 / /data rw,relatime shared:1 - ext4 /dev/vda rw
//
// with any number of fields before the hyphen. What is no such line is left out.
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

// mountOf is the mount that a path lies in: the one with the longest mount point
// above it, and of several there the last, which hides the others.
func mountOf(mounts []mount, path string) (found mount, ok bool) {
	for _, m := range mounts {
		below := m.point == "/" || path == m.point || strings.HasPrefix(path, m.point+"/")
		if below && len(m.point) >= len(found.point) {
			found, ok = m, true
		}
	}
	return found, ok
}

// unescape undoes what the kernel writes for a space, a tab, a newline and a
// backslash: a backslash and three octal digits.
func unescape(text string) string {
	var plain strings.Builder
	for {
		before, after, ok := strings.Cut(text, `\`)
		plain.WriteString(before)
		if !ok {
			return plain.String()
		}
		if len(after) >= 3 {
			if code, err := strconv.ParseUint(after[:3], 8, 8); err == nil {
				plain.WriteByte(byte(code))
				text = after[3:]
				continue
			}
		}
		plain.WriteByte('\\')
		text = after
	}
}
