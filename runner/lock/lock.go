// Package lock lets only one process at a time do something on a machine, such as make an
// environment or measure.
package lock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"coldstart/runner/process"
)

// HeldError says that another process holds a lock.
type HeldError struct {
	Path   string
	Holder string // such as "process 4242 since 10:03:12"

	left bool // by a process that has ended, to a program of its own
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("%s is held by %s", e.Path, e.Holder)
}

// lingers is how long the program of a process that was killed may take to end: it got
// SIGTERM.
var lingers = 10 * time.Second

// Take takes the lock at a path, or says in a HeldError who holds it. It is held until
// the file is closed here and in every process that inherited it, and until the group of
// the program that Extend named has ended: that is waited for, up to 10 s, if the holder
// itself has ended. The file itself stays.
func Take(path string) (file *os.File, err error) {
	const poll = 50 * time.Millisecond
	for begun := time.Now(); ; time.Sleep(poll) {
		var held *HeldError
		file, err = take(path)
		if !errors.As(err, &held) || !held.left || time.Since(begun) > lingers {
			return file, err
		}
	}
}

func take(path string) (*os.File, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	own := isOwn(file)
	if own {
		file.Chmod(mode) // whatever this user's mask is
	}
	if err := hold(file); err != nil {
		return nil, err
	}
	if left := read(file).left(); left != "" {
		file.Close()
		return nil, &HeldError{Path: path, Holder: left, left: true}
	}
	sign(file)
	return file, nil
}

// Extend makes locks last as long as a program that this process has started runs, or any
// process of the group that it leads: also one that closed the files that it inherited, as
// Python's child processes do. A process that leaves the group is not noticed.
func Extend(held []*os.File, program int) {
	for _, file := range held {
		s := read(file)
		s.Program = process.MarkOf(program)
		s.write(file)
	}
}

// TakeDirectory takes the lock of a directory itself, which leaves no file in it. Some
// network file systems cannot lock a directory: there nobody is kept out.
func TakeDirectory(dir string) (*os.File, error) {
	file, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	var held *HeldError
	if err := hold(file); errors.As(err, &held) {
		return nil, err
	}
	return file, nil
}

// hold locks a file, or closes it.
func hold(file *os.File) error {
	err := process.Retry(syscall.EWOULDBLOCK, func() error {
		return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = &HeldError{Path: file.Name(), Holder: holder(file), left: read(file).hasEnded()}
	default:
		err = fmt.Errorf("%s cannot be locked: %w", file.Name(), err)
	}
	file.Close()
	return err
}

// open opens the lock's file, which may belong to another user: locking needs no more than
// read permission. It refuses links and special files, since anybody who may write to the
// directory could have put one there.
func open(path string) (*os.File, error) {
	const flags = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|flags, mode)
	if errors.Is(err, fs.ErrPermission) {
		file, err = os.OpenFile(path, os.O_RDONLY|flags, 0)
	}
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%s is a link instead of a lock: remove it", path)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, file.Close(), fmt.Errorf("%s is a special file instead of a lock: remove it", path))
	}
	return file, nil
}

// isOwn tells whether a file belongs to this user.
func isOwn(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && ownerOf(info) == os.Geteuid()
}

// ownerOf is the user that a file belongs to; -1 if that is not known.
func ownerOf(info fs.FileInfo) int {
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1
	}
	return int(owner.Uid)
}

// mode lets all users of a machine read a lock, and so take it. Anybody can keep others
// from measuring by that, as by any load on the machine; the process is named.
const mode = 0o644
