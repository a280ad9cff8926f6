package registration

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"

	"coldstart/runner/forge"
)

// Registration makes this machine a node's runner.
type Registration struct {
	Runner
	System *System
	Out    io.Writer // gets a line per step

	Token             forge.Token // for the API
	RegistrationToken forge.Token // instead of one from the API

	Archive     string // file of GitHub's runner; empty to download it
	SHA256      string // of that file, or of the download
	Agent       string // file of Gitea's act_runner
	TokenInArgv bool   // for old releases of act_runner

	Ephemeral bool
	NoService bool
	Force     bool  // even if Check finds differences, or a job is running
	Check     Check // may be nil
}

// Run does what is not yet done. It checks the conditions before the first step, so that it
// does not change a machine that cannot be registered. Whatever mask root has, the runner's
// user gets to what is made for it.
func (r *Registration) Run(ctx context.Context) error {
	defer syscall.Umask(syscall.Umask(0o022))
	if err := r.possible(ctx); err != nil {
		return err
	}
	if err := r.isTheNode(ctx); err != nil {
		return err
	}
	w, err := r.work(ctx)
	if err != nil {
		return err
	}
	if err := perform(ctx, w.steps(), w.note, r.Out); err != nil {
		return err
	}
	fmt.Fprint(r.Out, r.jobsNote())
	if r.NoService {
		// An administrator may not enter the directory without sudo.
		there := []string{"sh", "-c", "cd " + r.Dir + " && exec " + r.program().start()}
		start := Command{As: &Account{Name: r.User}, Args: there}
		fmt.Fprintf(r.Out, "Nothing starts the runner automatically. To start it: %s\n", start)
	}
	return nil
}

// jobsNote says which environment jobs see, and how to add to it.
func (r *Registration) jobsNote() string {
	return fmt.Sprintf(`Jobs see the variables of the service, not of a login shell, and a PATH without CUDA's.
To add some, such as PATH=/usr/local/cuda/bin:%s,
%s, and restart the runner while it is idle.
`, systemPath, r.program().jobsEnvironment())
}

// Recipe is every step, for an administrator to read. It changes nothing, sends no request
// and needs no token.
func (r *Registration) Recipe() string {
	w := &registrar{Registration: r, program: r.program(), now: r.wanted()}
	title := fmt.Sprintf("To make this machine the runner of node %s for %s, as root:", r.Node.Name, r.Repository.URL())
	return recipe(title, w.steps())
}

// wanted is the state that a registration leads to.
func (r *Registration) wanted() state {
	program := r.program()
	return state{
		Schema: schema, Node: r.Node.Name, URL: r.Repository.URL(), Dir: r.Dir, User: r.User, Agent: program.kind(),
		Labels: program.labels(), Ephemeral: r.Ephemeral, NoUpdates: !r.Repository.IsGitea(),
	}
}

// work compares what is wanted with what was done before.
func (r *Registration) work(ctx context.Context) (*registrar, error) {
	w := &registrar{Registration: r, program: r.program(), now: r.wanted()}
	earlier, known, err := r.System.loadState(&r.Runner)
	switch {
	case err != nil:
		return nil, err
	case !known && r.System.exists(r.Dir):
		return nil, fmt.Errorf("%s exists, but coldstart did not make it: "+
			"move it away, or give another directory with --dir", r.Dir)
	case !known:
		return w, nil
	}
	if err := w.same(&earlier); err != nil {
		return nil, err
	}
	w.now.Done, w.now.Version, w.now.SHA256 = earlier.Done, r.System.version(&r.Runner), earlier.SHA256
	for _, change := range changes(&earlier, &w.now) {
		fmt.Fprintln(r.Out, change)
		w.now.unmark("configure")
	}
	if r.System.exists(r.Dir) {
		w.update, err = w.program.update(ctx, &earlier, w.now.Version)
	}
	return w, err
}

// same refuses to turn a runner into another one. A registration that ended before the
// server knew of it, such as for a repository that does not exist, binds to no repository.
func (w *registrar) same(earlier *state) error {
	registered := earlier.has("configure") || w.configured()
	for _, fact := range []struct {
		name, earlier, now string
		binds              bool
	}{
		{"repository", earlier.URL, w.now.URL, registered},
		{"user", earlier.User, w.now.User, true},
		{"agent", earlier.Agent, w.now.Agent, true},
	} {
		if fact.binds && fact.earlier != fact.now {
			remove := w.command("remove", earlier.repository())
			if !registered {
				remove += " --local-only"
			}
			return fmt.Errorf("node %s is registered here with %s %s, not %s: remove that first, with %s",
				w.Node.Name, fact.name, fact.earlier, fact.now, remove)
		}
	}
	return nil
}

// changes say what a new registration changes at the server.
func changes(before, now *state) (lines []string) {
	if !slices.Equal(before.Labels, now.Labels) {
		lines = append(lines, fmt.Sprintf("The labels change from %s to %s.",
			strings.Join(before.Labels, ","), strings.Join(now.Labels, ",")))
	}
	if !before.NoUpdates && now.NoUpdates {
		lines = append(lines, "The runner no longer updates itself, which would disturb measurements.")
	}
	if before.Ephemeral != now.Ephemeral {
		lines = append(lines, fmt.Sprintf("The runner changes from ephemeral: %t to ephemeral: %t.",
			before.Ephemeral, now.Ephemeral))
	}
	return lines
}

// registrar is a registration in progress.
type registrar struct {
	*Registration
	program agent
	now     state
	update  bool // another program takes the installed one's place
}

// note records a step that is done.
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
