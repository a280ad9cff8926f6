package swap

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// exchange exchanges two directories at once (renameat2(2)).
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

// takeAfter gives a directory the permissions and the owner of another, if that is
// permitted.
func takeAfter(old fs.FileInfo, dir string) {
	if owner, ok := old.Sys().(*syscall.Stat_t); ok {
		os.Chown(dir, int(owner.Uid), int(owner.Gid))
	}
	os.Chmod(dir, old.Mode())
}
