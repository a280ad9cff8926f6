package registration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"coldstart/runner/process"
)

// systemPath is where programs are found, for children and by hasProgram: that
// of this process may lack sbin under sudo, or lead into somebody's home.
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// proxies are the variables without which a child may not reach the forge.
var proxies = []string{"http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}

// stopGrace is how long a child has to end by itself once it was told to.
const stopGrace = 10 * time.Second

// keptLines is how many lines of a child's output are kept: a program's help, or why it
// failed.
const keptLines = 200

// runCommand is System.Run on this machine. A child that is told to end is so with all
// that it has started: a configuration that went on by itself could still register.
func runCommand(ctx context.Context, c Command) (string, error) {
	path, err := lookPath(c.Args[0])
	if err != nil {
		return "", err
	}
	child := process.Program{
		Args: append([]string{path}, c.Args[1:]...), Dir: c.Dir, Env: append(environment(c.As), c.Env...), Grace: stopGrace,
	}
	if c.As != nil {
		child.As = &syscall.Credential{Uid: c.As.UID, Gid: c.As.GID, Groups: c.As.Groups}
	}
	printed := &process.Tail{Keep: keptLines}
	err = child.Run(ctx, printed)
	return printed.String(), err
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
	said := lastLines(output)
	if said == "" {
		return fmt.Errorf("%s failed: %w", args[0], err)
	}
	return fmt.Errorf("%s failed (%w):\n%s", args[0], err, said)
}

// lastLines is the end of a text without its empty lines, indented.
func lastLines(text string) string {
	last := &process.Tail{Keep: 6}
	io.WriteString(last, text)
	if lines := last.Lines(); len(lines) > 0 {
		return "    " + strings.Join(lines, "\n    ")
	}
	return ""
}
