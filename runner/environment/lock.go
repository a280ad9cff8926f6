package environment

import (
	"errors"
	"fmt"
	"os"

	"coldstart/runner/lock"
)

// A heldError says that another process makes the environment.
type heldError struct {
	Name string
	*lock.HeldError
}

func (e *heldError) Error() string {
	return fmt.Sprintf("environment %s is being made by %s, or by what that started: wait for its end (%s is its lock)",
		e.Name, e.Holder, e.Path)
}

// take takes the lock of an environment, or says who makes it. What a setup
// starts inherits the lock: what outlives a killed one keeps another away.
func take(path, name string) (*os.File, error) {
	file, err := lock.Take(path)
	var held *lock.HeldError
	switch {
	case errors.As(err, &held):
		return nil, &heldError{name, held}
	case err != nil:
		return nil, fmt.Errorf("%w; choose a directory of another file system with --dir", err)
	}
	return file, nil
}
