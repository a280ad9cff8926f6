// Package swap replaces the files of a directory as a whole. Whenever the process is
// killed, the directory has all of the old files or all of the new ones.
//
//	a new directory beside the old one is filled → gets the files that stay → the two change
//	names → the old one is removed
//
// Some directories cannot be exchanged: on file systems and systems without such a call, mount
// points, those that have directories of their own, and the working directory. There the
// files are replaced one by one.
package swap

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// Into replaces the files of a directory, which need not exist, with those that fill writes
// into another one. Files of the directory with the names in stale are removed; all
// others stay. folder is the one folder that both may have.
func Into(dir, folder string, stale []string, fill func(dir string) error) error {
	place, err := filepath.EvalSymlinks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		place, err = dir, os.MkdirAll(filepath.Dir(dir), 0o755)
	}
	if err == nil {
		place, err = filepath.Abs(place)
	}
	if err != nil {
		return err
	}
	beside, err := makeBeside(place)
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	if err := fill(beside); err != nil {
		return err
	}
	if !isHere(place, filepath.Join(place, folder)) && whole(place, beside, folder, stale) == nil {
		return nil
	}
	return oneByOne(place, beside, stale)
}

// leftover is the age at which a directory must be that of a process that was killed.
const leftover = time.Hour

// makeBeside makes an empty directory with a hidden name beside another one, with its
// permissions, or in it if there is no other way. It removes those that killed processes
// left.
func makeBeside(dir string) (string, error) {
	prefix := filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".new-")
	left, _ := filepath.Glob(prefix + "*")
	beside := prefix + strconv.Itoa(os.Getpid())
	for _, path := range left {
		if info, err := os.Lstat(path); path == beside || err == nil && time.Since(info.ModTime()) > leftover {
			os.RemoveAll(path)
		}
	}
	err := os.Mkdir(beside, 0o755)
	info, missing := os.Stat(dir)
	switch {
	case missing != nil:
		return beside, err
	case err != nil:
		beside = filepath.Join(dir, filepath.Base(beside))
		return beside, os.Mkdir(beside, 0o755)
	}
	takeAfter(info, beside)
	return beside, nil
}

// whole puts a new directory in the place of another, after it got the files that stay.
func whole(dir, beside, folder string, stale []string) error {
	if os.Rename(beside, dir) == nil { // there was none, or an empty one
		return nil
	}
	if err := keep(dir, beside, folder, stale); err != nil {
		return err
	}
	return exchange(dir, beside)
}

// isHere tells whether one of the directories is the working directory.
func isHere(dirs ...string) bool {
	here, err := os.Stat(".")
	return err == nil && slices.ContainsFunc(dirs, func(dir string) bool {
		info, err := os.Stat(dir)
		return err == nil && os.SameFile(here, info)
	})
}

// keep gives a new directory the files of the old one that stay, as further names of the
// same files.
func keep(dir, beside, folder string, stale []string) error {
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && name != folder:
			return fmt.Errorf("%s has another directory, %s", dir, name)
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(beside, name), 0o755)
		case slices.Contains(stale, name):
			return nil
		}
		err = os.Link(filepath.Join(dir, name), filepath.Join(beside, name))
		if errors.Is(err, fs.ErrExist) {
			return nil // the new one
		}
		return err
	})
}

// oneByOne moves the files of a new directory into the old one, and removes what is stale
// there.
func oneByOne(dir, beside string, stale []string) error {
	err := fs.WalkDir(os.DirFS(beside), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dir, name), 0o755)
		}
		return os.Rename(filepath.Join(beside, name), filepath.Join(dir, name))
	})
	errs := []error{err}
	for _, name := range stale {
		if err := os.Remove(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
