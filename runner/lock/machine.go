package lock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// rootsDir is where root locks this machine. All users may read the locks in it.
const rootsDir = "/run/coldstart"

// Machine takes the lock of a name for this machine: this user's, and root's too if there
// is one, so that a machine on which root has measured has one lock for all users. They
// are held like those of Take.
func Machine(name string) ([]*os.File, error) {
	dir, err := ownDir()
	if err != nil {
		return nil, err
	}
	paths := []string{filepath.Join(dir, name)}
	if roots := filepath.Join(rootsDir, name); roots != paths[0] {
		if _, err := os.Lstat(roots); err == nil {
			paths = append(paths, roots)
		}
	}
	return TakeAll(paths...)
}

// TakeAll takes the locks at all paths, or none.
func TakeAll(paths ...string) (held []*os.File, err error) {
	for _, path := range paths {
		file, err := Take(path)
		if err != nil {
			Release(held)
			return nil, err
		}
		held = append(held, file)
	}
	return held, nil
}

// Release lets locks go, unless another process inherited them.
func Release(held []*os.File) {
	for _, file := range held {
		file.Close()
	}
}

// ownDir is a directory that only this user can write to, for locks.
func ownDir() (string, error) {
	user := os.Geteuid()
	return firstOwn(user, bases(user, os.Getenv("XDG_RUNTIME_DIR")), "/tmp/coldstart-"+strconv.Itoa(user))
}

// bases are the directories of a user for what ends with the machine's boot or the user's
// last session. session is the one that the session names. It comes last, because jobs
// of a cluster have one each.
func bases(user int, session string) []string {
	if user == 0 {
		return []string{filepath.Dir(rootsDir)}
	}
	return []string{"/run/user/" + strconv.Itoa(user), session}
}

// firstOwn makes a directory for a user in the first of the bases that is the user's own,
// or else at another path. If somebody else was there first, it takes no third place: two
// processes would not find each other's lock.
func firstOwn(user int, bases []string, otherwise string) (dir string, err error) {
	for _, base := range bases {
		dir = filepath.Join(base, filepath.Base(rootsDir))
		if filepath.IsAbs(base) && checkOwn(base, user) == nil && makeOwn(dir, user) == nil {
			return dir, nil
		}
	}
	if err := makeOwn(otherwise, user); err != nil {
		return "", fmt.Errorf("%w, or set XDG_RUNTIME_DIR, for every measurement, "+
			"to a directory of this machine that is yours and has mode 700", err)
	}
	return otherwise, nil
}

// makeOwn makes a directory that only a user can write to, unless it is there.
func makeOwn(dir string, user int) error {
	mode := fs.FileMode(0o700)
	if dir == rootsDir {
		mode = 0o755
	}
	if err := os.Mkdir(dir, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return checkOwn(dir, user)
}

// checkOwn refuses a directory in which anybody but a user could have put a file.
func checkOwn(dir string, user int) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || ownerOf(info) != user || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a directory that only user %d can write to: remove it", dir, user)
	}
	return nil
}
