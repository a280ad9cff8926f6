package registration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"coldstart/runner/forge"
)

// Removal takes a node's runner off this machine and off the server.
type Removal struct {
	Runner
	System *System
	Out    io.Writer

	Token     forge.Token   // for the API
	LocalOnly bool          // the server is not asked: it forgot the runner, or there is no token
	Wait      time.Duration // for a job to end
	Force     bool          // a job is not waited for
}

// Run does what is not yet done. It may be run again wherever it was broken off,
// and whatever is missing already.
func (r *Removal) Run(ctx context.Context) error {
	w, err := r.work()
	if err != nil {
		return err
	}
	return perform(ctx, w.steps(), func(string) error { return nil }, r.Out)
}

// Recipe is every step, for an administrator to read.
func (r *Removal) Recipe() string {
	title := fmt.Sprintf("To take the runner of node %s for %s off this machine, as root:",
		r.Node.Name, r.Repository.URL())
	return recipe(title, (&removing{Removal: r}).steps())
}

func (r *Removal) work() (*removing, error) {
	if r.System.UID != 0 {
		return nil, errors.New("removing a runner stops a service and removes root's files: " +
			"run it with sudo, or look at the steps with --dry-run")
	}
	before, known, err := r.System.loadState(&r.Runner)
	switch {
	case err != nil:
		return nil, err
	case !known && r.System.exists(r.Dir):
		return nil, fmt.Errorf("coldstart did not make %s: remove it by hand, or give the runner's directory with --dir",
			r.Dir)
	case known && before.URL != r.Repository.URL():
		return nil, fmt.Errorf("the runner here is of %s, not of %s: give that with --repo, and its server with --api-url",
			before.URL, r.Repository.URL())
	case known && before.User != "":
		r.User = before.User
	}
	w := &removing{Removal: r}
	if r.LocalOnly {
		return w, nil
	}
	w.server, err = forge.NewClient(r.System.HTTP, r.Repository, r.Token)
	if err != nil {
		err = fmt.Errorf("%w; or leave the server out with --local-only, "+
			"and remove the runner in the repository's settings, under Actions, Runners", err)
	}
	return w, err
}

// removing is a removal under way.
type removing struct {
	*Removal
	server *forge.Client // nil where the server is left out
}

// steps end with the state: as long as it is there, there is something to do.
func (w *removing) steps() []step {
	steps := []step{w.drain(), w.stop()}
	if !w.LocalOnly {
		steps = append(steps, w.unregister())
	}
	return append(steps, w.removeUnit(), w.removeFiles(), w.forgetState())
}

func (w *removing) stop() step {
	disable := []string{"systemctl", "disable", "--now", w.unit()}
	return step{
		name:  "stop",
		does:  "Stop it, now and at every boot",
		shell: []string{Command{Args: disable}.String()},
		done:  func(context.Context) bool { return !w.System.exists(w.unitFile()) },
		do:    func(ctx context.Context) error { return w.System.run(ctx, disable...) },
	}
}

// unregister asks the API rather than the program here, which may be broken.
func (w *removing) unregister() step {
	return step{
		name: "unregister",
		does: fmt.Sprintf("Unregister %s, if the server still knows it", w.Node.Name),
		shell: []string{
			"GET " + w.Repository.Endpoint("") + " (authorized by GITHUB_TOKEN): the id of the runner named " + w.Node.Name,
			"DELETE " + w.Repository.Endpoint("/ID"),
		},
		done: never,
		do: func(ctx context.Context) error {
			found, exists, err := w.server.Runner(ctx, w.Node.Name)
			if err != nil || !exists {
				return err
			}
			return w.server.Forget(ctx, found.ID)
		},
	}
}

func (w *removing) removeUnit() step {
	return step{
		name:  "unit",
		does:  "Remove the systemd unit",
		shell: []string{"rm " + w.unitFile(), "systemctl daemon-reload"},
		done:  func(context.Context) bool { return !w.System.exists(w.unitFile()) },
		do: func(ctx context.Context) error {
			if err := os.Remove(w.System.path(w.unitFile())); err != nil {
				return err
			}
			return w.System.run(ctx, "systemctl", "daemon-reload")
		},
	}
}

// removeFiles leaves the user, whose home may hold models.
func (w *removing) removeFiles() step {
	paths := []string{w.Dir, w.beside(".new"), w.beside(".tar.gz")}
	shell := []string{"rm -rf"}
	for _, p := range paths {
		shell[0] += " " + p
	}
	return step{
		name:  "files",
		does:  fmt.Sprintf("Remove the runner's files; the user %s and its home stay", w.User),
		shell: shell,
		done: func(context.Context) bool {
			return !w.System.exists(paths[0]) && !w.System.exists(paths[1]) && !w.System.exists(paths[2])
		},
		do: func(context.Context) error {
			for _, p := range paths {
				if err := os.RemoveAll(w.System.path(p)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func (w *removing) forgetState() step {
	return step{
		name:  "state",
		does:  "Forget what was done",
		shell: []string{"rm " + w.stateFile()},
		done:  func(context.Context) bool { return !w.System.exists(w.stateFile()) },
		do: func(context.Context) error {
			err := os.Remove(w.System.path(w.stateFile()))
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		},
	}
}
