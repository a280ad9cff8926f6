package registration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// systemPath is where programs are found, for children and by hasProgram: that
// of this process may lack sbin under sudo, or lead into somebody's home.
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// proxies are the variables without which a child may not reach the forge.
var proxies = []string{"http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}

// stopGrace is how long a child has to end by itself once it was told to.
const stopGrace = 10 * time.Second

// runCommand is System.Run on this machine. A child that is told to end is so with all
// that it has started: a configuration that went on by itself could still register.
func runCommand(ctx context.Context, c Command) (string, error) {
	program, err := lookPath(c.Args[0])
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, program, c.Args[1:]...)
	cmd.Args[0] = c.Args[0]
	cmd.Dir = c.Dir
	cmd.Env = append(environment(c.As), c.Env...)
	cmd.SysProcAttr = attributes(c.As)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = stopGrace
	output := &tail{}
	cmd.Stdout, cmd.Stderr = output, output
	err = cmd.Run()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
		if cmd.Process != nil {
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // who ignored it
		}
	}
	return output.String(), err
}

// environment is what a child gets that is given nothing else.
func environment(as *Account) []string {
	env := []string{"PATH=" + systemPath, "LANG=C.UTF-8"}
	if as == nil {
		return append(env, "HOME=/root")
	}
	env = append(env, "HOME="+as.Home, "USER="+as.Name, "LOGNAME="+as.Name)
	for _, name := range proxies {
		if value, set := os.LookupEnv(name); set {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func hasProgram(name string) bool {
	_, err := lookPath(name)
	return err == nil
}

// lookPath finds a program on the system's path.
func lookPath(name string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	for dir := range strings.SplitSeq(systemPath, ":") {
		if found, err := exec.LookPath(dir + "/" + name); err == nil {
			return found, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, exec.ErrNotFound)
}

// tail keeps the end of what is written to it.
type tail struct{ kept []byte }

const mostKept = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - mostKept; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.kept) }

// failed tells of a program that failed with the last lines that it printed.
func failed(args []string, output string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("%s is not installed: install it, and run this again", args[0])
	case errors.Is(err, context.Canceled):
		return err
	}
	said := lastLines(output, 6)
	if said == "" {
		return fmt.Errorf("%s failed: %w", args[0], err)
	}
	return fmt.Errorf("%s failed (%w):\n%s", args[0], err, said)
}

// lastLines is the end of a text without its empty lines, indented.
func lastLines(text string, most int) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, "    "+strings.ToValidUTF8(line, "\uFFFD"))
		}
	}
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// attributes make a child the first of a process group, and run as an account, if one
// is given, instead of root.
func attributes(as *Account) *syscall.SysProcAttr {
	own := &syscall.SysProcAttr{Setpgid: true}
	if as != nil {
		own.Credential = &syscall.Credential{Uid: as.UID, Gid: as.GID, Groups: as.Groups}
	}
	return own
}
