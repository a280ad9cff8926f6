package registration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"coldstart/reports/hardware"
	"coldstart/reports/result"
	"coldstart/runner/forge"
)

// machine stands in for a machine, in a directory of the test: users and services
// are remembered, files are real, and the runner's own scripts really run.
type machine struct {
	*System
	t        *testing.T
	users    map[string]Account
	owners   map[uint64]uint32 // by inode
	held     string            // directory of further names of files that have an owner
	enabled  bool
	active   bool
	commands []Command
	failed   string        // exit code that the service ended with
	stubborn bool          // no process ends when asked to
	lacks    string        // a library
	offline  bool          // GitHub's configuration cannot reach its server
	waited   time.Duration // in all
	server   *server       // that a registration reaches
}

var runnerUID uint32 = 990

func newMachine(t *testing.T, s *server) *machine {
	m := &machine{t: t, users: map[string]Account{}, owners: map[uint64]uint32{}, held: t.TempDir(), server: s}
	m.System = &System{
		Root: t.TempDir(), OS: "linux", Arch: "amd64", UID: 0,
		HTTP:     forge.Retrying(func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 }),
		Download: http.DefaultClient,
		Wait:     m.wait,
		Run:      m.run,
		End:      m.end,
		Now:      func() time.Time { return packed.AddDate(0, 0, 10) },
		Has:      func(program string) bool { return program == "systemctl" || program == "ldconfig" },
		Lookup: func(name string) (Account, error) {
			if a, ok := m.users[name]; ok {
				return a, nil
			}
			return Account{}, user.UnknownUserError(name)
		},
		Own: func(in *os.Root, name string, to Account) error {
			info, err := in.Lstat(name)
			if err == nil {
				m.owners[inode(info)] = to.UID
				m.hold(filepath.Join(in.Name(), name), info)
			}
			return err
		},
		Owner: func(info fs.FileInfo) uint32 { return m.owners[inode(info)] },
	}
	for _, dir := range []string{"run/systemd/system", "etc/systemd/system", "opt"} {
		if err := os.MkdirAll(filepath.Join(m.Root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// hold keeps a file to the test's end under a name outside of the machine, or a directory
// open, so that no later file gets its inode.
func (m *machine) hold(path string, info fs.FileInfo) {
	if !info.IsDir() {
		os.Link(path, filepath.Join(m.held, fmt.Sprint(inode(info))))
		return
	}
	if dir, err := os.Open(path); err == nil {
		m.t.Cleanup(func() { dir.Close() })
	}
}

func inode(info fs.FileInfo) uint64 { return info.Sys().(*syscall.Stat_t).Ino }

func (m *machine) wait(ctx context.Context, d time.Duration) error {
	m.waited += d
	m.server.passes(d)
	return ctx.Err()
}

func (m *machine) run(ctx context.Context, c Command) (string, error) {
	m.commands = append(m.commands, c)
	switch c.Args[0] {
	case "useradd":
		name := c.Args[len(c.Args)-1]
		m.users[name] = Account{Name: name, Home: "/var/lib/" + name, UID: runnerUID, GID: runnerUID}
		return "", nil
	case "systemctl":
		return m.failed, m.systemctl(c.Args[1:])
	case "sh", "./" + actRunnerFile, "./" + listener:
		if slices.Equal(c.Args, listed) {
			return strings.ReplaceAll("\tlibicuuc.so.72 -> x\n\tlibssl.so.3 -> x\n\tlibstdc++.so.6 -> x\n\tlibz.so.1 -> x\n", "\t"+m.lacks, "\tnot"), nil
		}
		return m.really(ctx, c)
	}
	return "", fmt.Errorf("%s: %w", c.Args[0], exec.ErrNotFound)
}

func (m *machine) systemctl(args []string) error {
	is := map[bool]error{true: nil, false: errors.New("exit status 1")}
	switch args[0] {
	case "daemon-reload", "show":
	case "is-active":
		return is[m.active]
	case "is-enabled":
		return is[m.enabled]
	case "enable":
		m.enabled, m.active = true, true
	case "disable":
		m.enabled, m.active = false, false
	case "stop":
		m.active = false
	default:
		return fmt.Errorf("systemctl %v", args)
	}
	return nil
}

// end ends a process that works or runs made.
func (m *machine) end(pid int) error {
	if m.stubborn {
		return nil
	}
	return os.RemoveAll(m.path(fmt.Sprint("/proc/", pid)))
}

// really runs a script of the runner's, which must not be root's business, and
// registers at the server what that would.
func (m *machine) really(ctx context.Context, c Command) (string, error) {
	if c.As == nil || c.As.UID != runnerUID {
		m.t.Errorf("%v runs as %v", c.Args, c.As)
	}
	cmd := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	cmd.Dir = m.path(c.Dir)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, c.Env...)
	if m.offline {
		cmd.Env = append(cmd.Env, "OFFLINE=1")
	}
	output, err := cmd.CombinedOutput()
	if i := slices.Index(c.Args, "--labels"); err == nil && i >= 0 {
		name := c.Args[slices.Index(c.Args, "--name")+1]
		m.server.add(name, strings.Split(strings.ReplaceAll(c.Args[i+1], ":host", ""), ","))
	}
	return string(output), err
}

// ran are the commands as lines.
func (m *machine) ran() (lines []string) {
	for _, c := range m.commands {
		lines = append(lines, c.String())
	}
	return lines
}

// remove removes a file, and with it whose it is: a later file may get its inode.
func (m *machine) remove(path string) {
	m.t.Helper()
	info, err := os.Lstat(m.path(path))
	if err != nil {
		m.t.Fatal(err)
	}
	delete(m.owners, inode(info))
	if err := os.Remove(m.path(path)); err != nil {
		m.t.Fatal(err)
	}
}

// snapshot is every file with its kind, permissions, owner and contents.
func (m *machine) snapshot() map[string]string {
	m.t.Helper()
	all := map[string]string{"(service)": fmt.Sprintf("enabled %t, active %t", m.enabled, m.active)}
	err := filepath.WalkDir(m.Root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text := ""
		switch {
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text = string(data)
		case info.Mode().Type() == fs.ModeSymlink:
			text, _ = os.Readlink(path)
		}
		name, _ := filepath.Rel(m.Root, path)
		all[name] = fmt.Sprintf("%v %d %s", info.Mode(), m.owners[inode(info)], text)
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return all
}

// n1 is the paper's first node, with a further label.
var n1 = result.Node{Name: "n1", Labels: []string{"rack-2"}, Declared: hardware.Hardware{GPU: "H100 NVL"}}

// registration is one of n1 on the machine, and what it prints.
func (m *machine) registration() (*Registration, *bytes.Buffer) {
	m.t.Helper()
	runner := m.runner()
	out := &bytes.Buffer{}
	return &Registration{Runner: runner, System: m.System, Out: out, Token: forge.NewToken(admin)}, out
}

func (m *machine) removal() (*Removal, *bytes.Buffer) {
	m.t.Helper()
	out := &bytes.Buffer{}
	return &Removal{Runner: m.runner(), System: m.System, Out: out, Token: forge.NewToken(admin), Wait: time.Hour}, out
}

func (m *machine) runner() Runner {
	m.t.Helper()
	return runnerAt(m.t, m.server.api())
}

// registered is a machine on which n1 is registered.
func registered(t *testing.T) *machine {
	t.Helper()
	m := newMachine(t, newServer(t))
	r, out := m.registration()
	if err := r.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	m.commands = nil
	return m
}

// works makes the machine look as if the runner had a job, or not.
func (m *machine) works(job bool) {
	m.t.Helper()
	m.runs(77, "/opt/coldstart/runner-n1/bin.2.330.0/Runner.Worker", job)
}

// runs makes the machine look as if a program ran, or not.
func (m *machine) runs(pid int, program string, now bool) {
	m.t.Helper()
	link := m.path(fmt.Sprint("/proc/", pid, "/exe"))
	os.RemoveAll(filepath.Dir(link))
	if !now {
		return
	}
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.Symlink(program, link); err != nil {
		m.t.Fatal(err)
	}
}
