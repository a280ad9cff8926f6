//go:build !linux

package doctor

import "errors"

var errNotLinux = errors.New("unknown: a node runs Linux")

func freeGiB(string) (float64, error)  { return 0, errNotLinux }
func openFiles() (uint64, error)       { return 0, errNotLinux }
func clockSynchronized() (bool, error) { return false, errNotLinux }
