package registration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"coldstart/runner/forge"
)

// Removal takes a node's runner off this machine and off the server.
type Removal struct {
	Runner
	System *System
	Out    io.Writer

	Token     forge.Token   // for the API
	LocalOnly bool          // do not ask the server: it forgot the runner, or there is no token
	Wait      time.Duration // for a job to end
	Force     bool          // do not wait for a job

	server *forge.Client // set by prepare; nil with LocalOnly
}

// Run does what is not yet done. It may be repeated after any interruption, whatever is
// missing already.
func (r *Removal) Run(ctx context.Context) error {
	if err := r.prepare(); err != nil {
		return err
	}
	return perform(ctx, r.steps(), func(string) error { return nil }, r.Out)
}

// Recipe is every step, for an administrator to read.
func (r *Removal) Recipe() string {
	title := fmt.Sprintf("To remove the runner of node %s for %s from this machine, as root:",
		r.Node.Name, r.Repository.URL())
	return recipe(title, r.steps())
}

// prepare checks the conditions, and sets the runner's user and the server.
func (r *Removal) prepare() error {
	if r.System.UID != 0 {
		return errors.New("removing a runner takes root, to stop a service and remove root's files: " +
			"run it with sudo, or print the steps with --dry-run")
	}
	before, known, err := r.System.loadState(&r.Runner)
	switch {
	case err != nil:
		return err
	case !known && r.System.exists(r.Dir):
		return fmt.Errorf("coldstart did not make %s: remove it by hand, or give the runner's directory with --dir",
			r.Dir)
	case known && before.URL != r.Repository.URL():
		return fmt.Errorf("the runner here belongs to %s, not to %s; this removes it: %s",
			before.URL, r.Repository.URL(), r.command("remove", before.repository()))
	case known && before.User != "":
		r.User = before.User
	}
	if r.LocalOnly {
		return nil
	}
	r.server, err = forge.NewClient(r.System.HTTP, r.Repository, r.Token)
	if err != nil {
		err = fmt.Errorf("%w; or remove the runner in the repository's settings, under Actions, Runners, and then here: "+
			"%s --local-only", err, r.command("remove", r.Repository))
	}
	return err
}

// steps end with the state: as long as it exists, there is something to do.
func (r *Removal) steps() []step {
	steps := []step{r.drain(), r.stop()}
	if !r.LocalOnly {
		steps = append(steps, r.unregister())
	}
	return append(steps, r.removeUnit(), r.removeFiles(), r.forgetState())
}

func (r *Removal) stop() step {
	disable := []string{"systemctl", "disable", "--now", r.unit()}
	return step{
		name: "stop",
		does: "Stop it, now and at every boot",
		shell: []string{
			Command{Args: disable}.String(),
			"kill PID, for every program of " + r.Dir + " that was started by hand and still runs",
		},
		done: func(context.Context) bool {
			return !r.System.exists(r.unitFile()) && len(r.System.processes(&r.Runner)) == 0
		},
		do: func(ctx context.Context) error {
			if r.System.exists(r.unitFile()) {
				if err := r.System.run(ctx, disable...); err != nil {
					return err
				}
			}
			return r.System.endProcesses(ctx, &r.Runner)
		},
	}
}

// unregister uses the API instead of the program here, which may be broken.
func (r *Removal) unregister() step {
	return step{
		name: "unregister",
		does: fmt.Sprintf("Unregister %s, if the server still knows it", r.Node.Name),
		shell: []string{
			"GET " + r.Repository.Endpoint("") + " (authorized by GITHUB_TOKEN): the id of the runner named " + r.Node.Name,
			"DELETE " + r.Repository.Endpoint("/ID"),
		},
		done: never,
		do: func(ctx context.Context) error {
			found, exists, err := r.find(ctx)
			if err != nil || !exists {
				return err
			}
			return r.server.Forget(ctx, found.ID)
		},
	}
}

// find asks the server for the runner. An error is no dead end: the repository may be gone.
func (r *Removal) find(ctx context.Context) (found forge.Runner, exists bool, err error) {
	found, exists, err = r.server.Runner(ctx, r.Node.Name)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w\nIf the server cannot be asked at all, this removes what is on this machine: %s --local-only",
			err, r.command("remove", r.Repository))
	}
	return found, exists, err
}

func (r *Removal) removeUnit() step {
	return step{
		name:  "unit",
		does:  "Remove the systemd unit",
		shell: []string{"rm " + r.unitFile(), "systemctl daemon-reload"},
		done:  func(context.Context) bool { return !r.System.exists(r.unitFile()) },
		do: func(ctx context.Context) error {
			if err := os.Remove(r.System.path(r.unitFile())); err != nil {
				return err
			}
			return r.System.run(ctx, "systemctl", "daemon-reload")
		},
	}
}

// removeFiles leaves the user, whose home may hold models.
func (r *Removal) removeFiles() step {
	paths := []string{r.Dir, r.beside(".new"), r.beside(".old"), r.beside(".tar.gz")}
	return step{
		name:  "files",
		does:  fmt.Sprintf("Remove the runner's files; the user %s and its home stay", r.User),
		shell: []string{"rm -rf " + strings.Join(paths, " ")},
		done:  func(context.Context) bool { return !slices.ContainsFunc(paths, r.System.exists) },
		do: func(context.Context) (err error) {
			for _, p := range paths {
				err = errors.Join(err, os.RemoveAll(r.System.path(p)))
			}
			return err
		},
	}
}

func (r *Removal) forgetState() step {
	return step{
		name:  "state",
		does:  "Remove the record of what was done",
		shell: []string{"rm " + r.stateFile()},
		done:  func(context.Context) bool { return !r.System.exists(r.stateFile()) },
		do:    func(context.Context) error { return os.Remove(r.System.path(r.stateFile())) },
	}
}
