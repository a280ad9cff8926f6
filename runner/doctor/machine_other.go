//go:build !linux

package doctor

import "errors"

// errNotLinux is what a machine answers that cannot be a node.
var errNotLinux = errors.New("not known: a node of the lab runs Linux")

func freeGiB(string) (float64, error)  { return 0, errNotLinux }
func openFiles() (uint64, error)       { return 0, errNotLinux }
func clockSynchronized() (bool, error) { return false, errNotLinux }
