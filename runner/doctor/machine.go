package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/user"
	"time"

	"coldstart/runner/pagecache"
)

// Machine is what doctor asks of the machine besides the probe.
type Machine struct {
	FreeGiB           func(path string) (float64, error) // of the file system that path lies on, for this user
	OpenFiles         func() (hard uint64, err error)    // how many files a process may raise its limit to
	MayDropPageCache  func(context.Context) bool
	User              func() string
	ClockSynchronized func() (bool, error)
	// ForgeTime asks the forge for the time of day, by the Date of its answer.
	ForgeTime func(ctx context.Context, api string) (time.Time, error)
	Now       func() time.Time
	// RunnerVersion is that of the runner registered for a node; empty if there is
	// none.
	RunnerVersion func(node string) string
}

// ThisMachine asks the machine that it runs on. RunnerVersion is the caller's.
func ThisMachine() Machine {
	return Machine{
		FreeGiB: freeGiB, OpenFiles: openFiles, MayDropPageCache: pagecache.Allowed, User: userName,
		ClockSynchronized: clockSynchronized, ForgeTime: forgeTime, Now: time.Now,
	}
}

func userName() string {
	u, err := user.Current()
	if err != nil {
		return "USER"
	}
	return u.Username
}

// forgePatience is how long a forge may take to answer.
const forgePatience = 5 * time.Second

func forgeTime(ctx context.Context, api string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, forgePatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, api, nil)
	if err != nil {
		return time.Time{}, err
	}
	response, err := http.DefaultClient.Do(request)
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which the finding names
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
