//go:build !linux

package process

import (
	"os"
	"syscall"
)

// attributes give a program its own process group.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

const pipeBytes = 64 << 10 // the default

func widen(*os.File) {}
