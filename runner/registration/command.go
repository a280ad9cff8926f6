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

// systemPath is the PATH for children and hasProgram: this process's own may lack sbin
// under sudo, or lead into somebody's home.
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// proxies are variables that a child may need to reach the server.
var proxies = []string{"http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}

// stopGrace is how long a child may take to end once it was told to.
const stopGrace = 10 * time.Second

// runCommand is System.Run on this machine. A cancelled child ends with everything it
// started: a configuration that went on could still register.
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
	printed := &process.Tail{Keep: 200} // lines of a help text, or of an error
	err = child.Run(ctx, printed)
	return printed.String(), err
}

// environment is the whole environment of a child without variables of its own.
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

// lookPath finds a program on systemPath.
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

// failed is the error of a program, with the last lines that it printed.
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

// lastLines is the end of a text without empty lines, indented.
func lastLines(text string) string {
	last := &process.Tail{Keep: 6}
	io.WriteString(last, text)
	if lines := last.Lines(); len(lines) > 0 {
		return "    " + strings.Join(lines, "\n    ")
	}
	return ""
}
