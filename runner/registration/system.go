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

// System is the machine. Everything that reads or changes it goes through here,
// so that a test gives one of its own, in a directory and without root.
type System struct {
	Root     string       // what all paths lie below: "/" but in tests
	OS       string       // as GOOS has it
	Arch     string       // as GOARCH has it
	UID      int          // of this process
	HTTP     *http.Client // for the API: small answers
	Download *http.Client // for large ones
	// Wait lets time pass.
	Wait func(context.Context, time.Duration) error

	// Run runs a program and gives the end of what it printed, on either stream.
	Run func(context.Context, Command) (output string, err error)
	// Has says whether a program is installed.
	Has func(program string) bool
	// Lookup finds a user by name.
	Lookup func(name string) (Account, error)
	// Own gives a file to an account. It does not follow a link.
	Own func(in *os.Root, name string, to Account) error
	// Owner is whom a file belongs to.
	Owner func(fs.FileInfo) (uid uint32)
}

// Command is a program to run.
type Command struct {
	Args []string // the program first
	Dir  string
	As   *Account // nil is root
	// Env is added to a bare environment: nothing of this process's own, which
	// may hold a token, comes in by itself.
	Env []string
}

// Account is a user of the machine.
type Account struct {
	Name     string
	Home     string
	UID, GID uint32
	Groups   []uint32 // further ones
}

// Local is this machine.
func Local() *System {
	return &System{
		Root:     "/",
		OS:       runtime.GOOS,
		Arch:     runtime.GOARCH,
		UID:      os.Geteuid(),
		HTTP:     forge.Retrying(nil),
		Download: &http.Client{Timeout: longestDownload},
		Wait:     wait,
		Run:      runCommand,
		Has:      hasProgram,
		Lookup:   lookupAccount,
		Own: func(in *os.Root, name string, to Account) error {
			return in.Lchown(name, int(to.UID), int(to.GID))
		},
		Owner: owner,
	}
}

// path is where a path of the machine really lies.
func (s *System) path(p string) string { return filepath.Join(s.Root, filepath.FromSlash(p)) }

// exists says whether there is anything at a path, be it a dangling link.
func (s *System) exists(p string) bool {
	_, err := os.Lstat(s.path(p))
	return err == nil
}

// hasSystemd says whether systemd is what this machine was booted with, in the
// way that sd_booted(3) tells.
func (s *System) hasSystemd() bool { return s.exists("/run/systemd/system") && s.Has("systemctl") }

// run runs a program as root whose output matters only if it fails.
func (s *System) run(ctx context.Context, args ...string) error {
	output, err := s.Run(ctx, Command{Args: args})
	return failed(args, output, err)
}

func lookupAccount(name string) (Account, error) {
	found, err := user.Lookup(name)
	if err != nil {
		return Account{}, err
	}
	account := Account{Name: name, Home: found.HomeDir}
	if account.UID, err = number(found.Uid); err != nil {
		return Account{}, err
	}
	if account.GID, err = number(found.Gid); err != nil {
		return Account{}, err
	}
	groups, err := found.GroupIds()
	if err != nil {
		return Account{}, err
	}
	for _, group := range groups {
		id, err := number(group)
		if err != nil {
			return Account{}, err
		}
		account.Groups = append(account.Groups, id)
	}
	return account, nil
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func number(id string) (uint32, error) {
	n, err := strconv.ParseUint(id, 10, 32)
	return uint32(n), err
}

// String is the command as a line of shell that an administrator could type.
// What is in its environment is not shown.
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

// quoted is a word for the shell.
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
