package environment

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"
)

// A HeldError says that another process makes the environment.
type HeldError struct {
	Name   string
	Path   string // of the lock
	Holder string // such as "process 4242 since 10:03:12"
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("environment %s is being made by %s, or by what that started: wait for its end (%s is its lock)", e.Name, e.Holder, e.Path)
}

// lock takes the lock at a path, or says who holds it. It is held until the file
// is closed here and in every process that inherited it: what outlives a killed
// setup keeps another one away.
func lock(path, name string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, sign(file)
	}
	defer file.Close()
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s: cannot be locked: %w; choose a directory of another file system with --dir", path, err)
	}
	signed, err := io.ReadAll(io.LimitReader(file, 1000))
	holder := strings.TrimSpace(string(signed))
	if err != nil || holder == "" {
		holder = "another process"
	}
	return nil, &HeldError{Name: name, Path: path, Holder: holder}
}

// sign writes into a lock who holds it.
func sign(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := fmt.Fprintf(file, "process %d since %s\n", os.Getpid(), time.Now().Format(time.TimeOnly))
	return err
}
