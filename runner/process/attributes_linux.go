package process

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes give a program a process group of its own, and have the kernel end
// it where this process is killed and cannot.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// pipeBytes is how much a program can print while nobody takes it. What it prints in
// gather is far less, so it never waits for its reader.
const pipeBytes = 1 << 20

// widen makes room for that in a pipe; where it may not, the pipe is as it was.
func widen(pipe *os.File) {
	if conn, err := pipe.SyscallConn(); err == nil {
		conn.Control(func(fd uintptr) { unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) })
	}
}
