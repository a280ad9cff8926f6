package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/user"
	"time"

	"golang.org/x/sys/unix"

	"coldstart/runner/engine/local"
)

// Machine answers what the probe does not. Tests replace it.
type Machine struct {
	FreeGiB           func(path string) (float64, error) // of the file system below path, for this user
	OpenFiles         func() (hard uint64, err error)    // the highest limit of a process
	MayDropPageCache  func(context.Context) bool
	User              func() string
	ClockSynchronized func() (bool, error)
	ServerTime        func(ctx context.Context, api string) (time.Time, error) // by the Date of the answer
	Now               func() time.Time
	Runner            func(ctx context.Context, node string) (r Runner, exists bool) // that is registered here
	// MissingLibraries says what GitHub's runner lacks; nil for another server's.
	MissingLibraries func(context.Context) (says, remedy string)
}

// Runner is a node's runner.
type Runner struct {
	Version string // empty if unknown
	Trouble string // with the version; empty if none is known
	Remedy  string // for the trouble: a command
}

// ThisMachine is this machine. Runner and MissingLibraries are left to the caller.
func ThisMachine() Machine {
	return Machine{
		FreeGiB: freeGiB, OpenFiles: openFiles, MayDropPageCache: local.MayDropPageCache, User: userName,
		ClockSynchronized: clockSynchronized, ServerTime: serverTime, Now: time.Now,
	}
}

func freeGiB(path string) (float64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return float64(fs.Bavail) * float64(fs.Bsize) / (1 << 30), nil
}

func openFiles() (uint64, error) {
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	return limit.Max, err
}

func userName() string {
	u, err := user.Current()
	if err != nil {
		return "USER"
	}
	return u.Username
}

func serverTime(ctx context.Context, api string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, api, nil)
	if err != nil {
		return time.Time{}, err
	}
	response, err := http.DefaultClient.Do(request)
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the finding names the address
	}
	if err != nil {
		return time.Time{}, err
	}
	response.Body.Close()
	if response.StatusCode >= http.StatusInternalServerError {
		return time.Time{}, fmt.Errorf("it answers %s", response.Status)
	}
	return http.ParseTime(response.Header.Get("Date"))
}
