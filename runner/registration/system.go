package registration

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"coldstart/runner/forge"
)

// System is the machine. Everything that reads or changes it goes through here, so that a
// test can use a directory instead, without root.
type System struct {
	Root     string       // above all paths: "/" except in tests
	OS       string       // GOOS
	Arch     string       // GOARCH
	UID      int          // of this process
	HTTP     *http.Client // for the API
	Download *http.Client // for large files

	Now    func() time.Time
	Wait   func(context.Context, time.Duration) error
	Run    func(context.Context, Command) (output string, err error) // output is its end, of both streams
	End    func(pid int) error                                       // asks a process to end
	Has    func(program string) bool                                 // whether it is installed
	Lookup func(user string) (Account, error)
	Own    func(in *os.Root, name string, to Account) error // follows no link
	Owner  func(fs.FileInfo) (uid uint32)
}

// Command is a program to run.
type Command struct {
	Args []string // the program first
	Dir  string
	As   *Account // nil is root
	// Env is added to a minimal environment, without this process's own, which may hold a
	// token.
	Env []string
}

// Account is a user of the machine.
type Account struct {
	Name     string
	Home     string
	UID, GID uint32
	Groups   []uint32 // supplementary
}

// Local is this machine.
func Local() *System {
	return &System{
		Root:     "/",
		OS:       runtime.GOOS,
		Arch:     runtime.GOARCH,
		UID:      os.Geteuid(),
		HTTP:     forge.Retrying(nil),
		Download: forge.Downloading(longestDownload),
		Wait:     wait,
		Run:      runCommand,
		End:      func(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) },
		Has:      hasProgram,
		Now:      time.Now,
		Lookup:   lookupAccount,
		Own: func(in *os.Root, name string, to Account) error {
			return in.Lchown(name, int(to.UID), int(to.GID))
		},
		Owner: owner,
	}
}

// path is a path of the machine below Root.
func (s *System) path(p string) string { return filepath.Join(s.Root, filepath.FromSlash(p)) }

// exists says whether there is anything at a path, even a dangling link.
func (s *System) exists(p string) bool {
	_, err := os.Lstat(s.path(p))
	return err == nil
}

// hasSystemd says whether this machine was booted with systemd (sd_booted(3)).
func (s *System) hasSystemd() bool { return s.exists("/run/systemd/system") && s.Has("systemctl") }

// run runs a program as root. Its output matters only if it fails.
func (s *System) run(ctx context.Context, args ...string) error {
	output, err := s.Run(ctx, Command{Args: args})
	return failed(args, output, err)
}

func lookupAccount(name string) (Account, error) {
	found, err := user.Lookup(name)
	if err != nil {
		return Account{}, err
	}
	groups, err := found.GroupIds()
	if err != nil {
		return Account{}, err
	}
	var ids []uint32
	for _, text := range append([]string{found.Uid, found.Gid}, groups...) {
		id, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return Account{}, err
		}
		ids = append(ids, uint32(id))
	}
	return Account{Name: name, Home: found.HomeDir, UID: ids[0], GID: ids[1], Groups: ids[2:]}, nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// String is the command as a line of shell, without its environment.
func (c Command) String() string {
	var words []string
	if c.As != nil {
		words = append(words, "sudo", "-u", c.As.Name)
	}
	for _, arg := range c.Args {
		words = append(words, quoted(arg))
	}
	return strings.Join(words, " ")
}

// quoted is a word quoted for the shell.
func quoted(word string) string {
	if word != "" && strings.Trim(word, plainCharacters) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

const plainCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_"

func owner(info fs.FileInfo) uint32 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Uid
	}
	return 0
}
