package process

import "syscall"

// attributes give a program a process group of its own, and have the kernel end
// it where this process is killed and cannot.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
