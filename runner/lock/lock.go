// Package lock keeps two processes from doing at once what only one may: making
// an environment, measuring on a node.
package lock

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"
)

// HeldError says that another process holds a lock.
type HeldError struct {
	Path   string
	Holder string // such as "process 4242 since 10:03:12"
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("%s is held by %s", e.Path, e.Holder)
}

// Take takes the lock at a path, or says in a HeldError who holds it. It is held
// until the file is closed here and in every process that inherited it. The file
// stays: it is the lock's place and not the lock.
func Take(path string) (*os.File, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil && isOwn(file):
		return file, sign(file)
	case err == nil: // another user's file is locked, and not written to
		return file, nil
	}
	defer file.Close()
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s: cannot be locked: %w", path, err)
	}
	return nil, &HeldError{Path: path, Holder: holder(file)}
}

// open opens the lock's file, which may be another user's: to lock it takes no more
// than to read it. A link or anything but a plain file is refused: somebody who may
// write to the directory could have put it there, and have it lead anywhere.
func open(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, mode)
	if errors.Is(err, fs.ErrPermission) {
		file, err = os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	}
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%s is a link, and no lock: remove it", path)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, file.Close(), fmt.Errorf("%s is no plain file, and no lock: remove it", path))
	}
	if isOwn(file) {
		file.Chmod(mode) // a user's mask must not keep others from it
	}
	return file, nil
}

// isOwn tells whether a file is this user's.
func isOwn(file *os.File) bool {
	info, err := file.Stat()
	if err != nil {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid()
}

// mode lets all users of a machine read a lock.
const mode = 0o644

// sign writes into a lock who holds it, if it can be written.
func sign(file *os.File) error {
	err := file.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintf(file, "process %d since %s\n", os.Getpid(), time.Now().Format(time.TimeOnly))
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.EBADF) {
		return nil // opened for reading
	}
	return err
}

// holder is who signed a lock.
func holder(file *os.File) string {
	signed, err := io.ReadAll(io.LimitReader(file, 1000))
	if text := strings.TrimSpace(string(signed)); err == nil && text != "" {
		return text
	}
	return "another process"
}
