package registration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"coldstart/runner/forge"
)

// A Check compares this machine with the node that it is to be, and gives a
// sentence for each difference.
type Check func(context.Context) []string

// Registration makes this machine a node's runner.
type Registration struct {
	Runner
	System *System
	Out    io.Writer // for what is done, a line a step

	Token             forge.Token // for the API
	RegistrationToken forge.Token // in place of asking the API for one

	Archive     string // of GitHub's runner, a file; empty to download it
	SHA256      string // of that file, or of the download
	Agent       string // Gitea's act_runner, a file
	TokenInArgv bool   // which old releases of that one need

	Ephemeral bool
	NoService bool
	Force     bool  // although Check finds differences, or a job is running
	Check     Check // nil for none
}

// Run does what is not yet done. What must hold is looked at before the first
// step, so that a machine that cannot be registered is left as it was.
func (r *Registration) Run(ctx context.Context) error {
	if err := r.possible(); err != nil {
		return err
	}
	if err := r.isTheNode(ctx); err != nil {
		return err
	}
	w, err := r.work()
	if err != nil {
		return err
	}
	if err := perform(ctx, w.steps(), w.note, r.Out); err != nil {
		return err
	}
	if r.NoService {
		fmt.Fprintf(r.Out, "Nothing starts it by itself. To start it: %s\n", r.startByHand())
	}
	return nil
}

// Recipe is every step, for an administrator to read. It changes nothing, asks
// nobody and needs no token.
func (r *Registration) Recipe() string {
	w := &registrar{Registration: r, program: r.program(), now: r.wanted()}
	title := fmt.Sprintf("To make this machine the runner of node %s for %s, as root:", r.Node.Name, r.Repository.URL())
	return recipe(title, w.steps())
}

// possible says why this machine, or what was asked for, does not allow it.
func (r *Registration) possible() error {
	switch {
	case r.System.OS != "linux":
		return fmt.Errorf("a node runs Linux, and this machine %s: register it there; --dry-run shows the steps anywhere", r.System.OS)
	case r.System.UID != 0:
		return errors.New("registering a runner makes a user and a service, which only root may: run it with sudo, or look at the steps with --dry-run")
	case !r.NoService && !r.System.hasSystemd():
		return errors.New("this machine was not booted with systemd, which would run the runner: give --no-service to register it without, and start it in a way of your own")
	case r.Token.IsZero() && r.RegistrationToken.IsZero():
		return errors.New("there is no token: give one that may administer the repository in GITHUB_TOKEN, or a registration token in RUNNER_REGISTRATION_TOKEN or with --registration-token-stdin")
	}
	if err := r.program().possible(); err != nil {
		return err
	}
	for _, file := range []string{r.Archive, r.Agent} {
		if _, err := os.Stat(file); file != "" && err != nil {
			return fmt.Errorf("cannot read the program to register: %w", err)
		}
	}
	return nil
}

// isTheNode refuses a machine that is another than the lab's file says.
func (r *Registration) isTheNode(ctx context.Context) error {
	if r.Check == nil {
		return nil
	}
	differences := r.Check(ctx)
	if len(differences) == 0 {
		return nil
	}
	text := fmt.Sprintf("this machine is not what the lab's file declares of %s:\n  %s", r.Node.Name, strings.Join(differences, "\n  "))
	if !r.Force {
		return errors.New(text + "\nCorrect the file, register it as the node that it is, or give --force")
	}
	fmt.Fprintf(r.Out, "warning: %s\n", text)
	return nil
}

// wanted is the state that a registration leads to.
func (r *Registration) wanted() state {
	program := r.program()
	return state{
		Schema: schema, Node: r.Node.Name, URL: r.Repository.URL(), Dir: r.Dir, User: r.User, Agent: program.kind(),
		Labels: program.labels(), Ephemeral: r.Ephemeral,
	}
}

// work compares what is wanted with what was done before.
func (r *Registration) work() (*registrar, error) {
	w := &registrar{Registration: r, program: r.program(), now: r.wanted()}
	before, known, err := r.System.loadState(&r.Runner)
	switch {
	case err != nil:
		return nil, err
	case !known && r.System.exists(r.Dir):
		return nil, fmt.Errorf("%s is there already, and coldstart did not make it: move it away, or give another directory with --dir", r.Dir)
	case !known:
		return w, nil
	}
	if err := same(&before, &w.now); err != nil {
		return nil, err
	}
	w.now.Done, w.now.Version, w.now.SHA256 = before.Done, before.Version, before.SHA256
	for _, change := range changes(&before, &w.now) {
		fmt.Fprintln(r.Out, change)
		w.now.unmark("configure")
	}
	return w, nil
}

// same refuses to turn a runner into another one.
func same(before, now *state) error {
	for _, fact := range []struct{ name, before, now string }{
		{"repository", before.URL, now.URL}, {"user", before.User, now.User}, {"agent", before.Agent, now.Agent},
	} {
		if fact.before != fact.now {
			return fmt.Errorf("node %s is registered here with %s %s, not %s: take it out first, with coldstart remove --node %s", now.Node, fact.name, fact.before, fact.now, now.Node)
		}
	}
	return nil
}

// changes are what a new registration at the server brings about.
func changes(before, now *state) (lines []string) {
	if !slices.Equal(before.Labels, now.Labels) {
		lines = append(lines, fmt.Sprintf("The labels change from %s to %s.", strings.Join(before.Labels, ","), strings.Join(now.Labels, ",")))
	}
	if before.Ephemeral != now.Ephemeral {
		lines = append(lines, fmt.Sprintf("The runner was ephemeral: %t; it will be: %t.", before.Ephemeral, now.Ephemeral))
	}
	return lines
}

// registrar is a registration under way.
type registrar struct {
	*Registration
	program agent
	now     state
}

// note keeps a step that is done.
func (w *registrar) note(step string) error {
	w.now.mark(step)
	return w.System.saveState(&w.Runner, &w.now)
}

func (w *registrar) steps() []step {
	steps := []step{w.begin(), w.account(), w.install(), w.configure(), w.protect()}
	if w.NoService {
		return steps
	}
	return append(steps, w.installUnit(), w.startUnit())
}

// begin makes the place, and takes note that what comes there is coldstart's.
func (w *registrar) begin() step {
	parent := path.Dir(w.Dir)
	return step{
		name:  "begin",
		does:  fmt.Sprintf("Make %s, and keep in %s what was done", parent, w.stateFile()),
		shell: []string{"install -d -m 755 " + parent, "install -m 600 /dev/null " + w.stateFile()},
		done:  func(context.Context) bool { return w.System.exists(w.stateFile()) },
		do: func(context.Context) error {
			if err := os.MkdirAll(w.System.path(parent), 0o755); err != nil {
				return err
			}
			return w.System.onlyRoots(parent)
		},
	}
}

// onlyRoots refuses a directory in which another user could put something else in
// the place of what root made.
func (s *System) onlyRoots(dir string) error {
	info, err := os.Lstat(s.path(dir))
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm()&0o022 != 0 || s.Owner(info) != uint32(s.UID) {
		return fmt.Errorf("%s is not a directory that only root may write to: give another with --dir", dir)
	}
	return nil
}

// account makes the runner's user. One that exists is taken as it is.
func (w *registrar) account() step {
	args := []string{"useradd", "--system", "--create-home", "--home-dir", path.Join(homeDir, w.User), "--shell", "/usr/sbin/nologin", w.User}
	return step{
		name:  "user",
		does:  fmt.Sprintf("Make the user %s, if there is none", w.User),
		shell: []string{Command{Args: args}.String()},
		done:  func(context.Context) bool { _, err := w.System.Lookup(w.User); return err == nil },
		do:    func(ctx context.Context) error { return w.System.run(ctx, args...) },
	}
}
