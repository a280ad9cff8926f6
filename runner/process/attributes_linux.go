package process

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes give a program its own process group, and make the kernel end it if this
// process is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// pipeBytes is how much a program can print before it is read. A start-up log has far less
// within gather, so the program never waits for its reader.
const pipeBytes = 1 << 20

// widen enlarges a pipe to pipeBytes, if the kernel permits it.
func widen(pipe *os.File) {
	if conn, err := pipe.SyscallConn(); err == nil {
		conn.Control(func(fd uintptr) { unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) })
	}
}
