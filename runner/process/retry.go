package process

import (
	"errors"
	"syscall"
	"time"
)

const (
	tries     = 50
	triesWait = 20 * time.Millisecond
)

// Retry tries something for a second as long as it fails with an error that may be over in a
// moment: a program that is being started holds this process's files until its exec, also
// closed ones, and with them addresses and locks.
func Retry(over syscall.Errno, try func() error) (err error) {
	for range tries {
		if err = try(); !errors.Is(err, over) {
			break
		}
		time.Sleep(triesWait)
	}
	return err
}
