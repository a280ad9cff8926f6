package registration

import (
	"context"
	"os"
	"time"
)

// agent is the program that waits for jobs: GitHub's runner (official.go) or Gitea's
// (actrunner.go). It is registered by a command of its own, which leaves files with
// credentials in its directory.
type agent interface {
	// kind is the agent's name in the state.
	kind() string
	// possible says why the options do not give the program.
	possible() error
	// recipe is how a person would install the program, by way of a fresh directory.
	recipe(fresh string) (does string, shell []string)
	// put puts the program into a fresh directory, and its hash into the state.
	put(ctx context.Context, into *os.Root, now *state) error
	// update says whether the options give another program than the installed one.
	update(ctx context.Context, installed *state, release string) (bool, error)
	// version is the command that prints the program's release.
	version() []string
	// accepts refuses a release that the server does not register or gives no jobs to, and
	// warns of one that will get none. built may be zero.
	accepts(ctx context.Context, release string, built time.Time) error
	// labels are the node's in the program's form.
	labels() []string
	// register is the command that registers the program, without the token.
	register() []string
	// tokenNote says where that command finds the token.
	tokenNote() string
	// tokenRule says when the server refuses a registration token.
	tokenRule() string
	// tokenVariable is the environment variable that the command takes the token from;
	// empty if there is none.
	tokenVariable(ctx context.Context, as *Account) (string, error)
	// replace makes room for the runner at the server, unless the command does.
	replace(ctx context.Context) error
	// files are what registering leaves, all secret: those that always exist, and all
	// that may exist.
	files() (sure, all []string)
	// start is the command that waits for jobs.
	start() string
	// jobsEnvironment says how to add variables to those that jobs see.
	jobsEnvironment() string
	// unitLines are the program's lines of the systemd unit.
	unitLines() []string
}

// program is the agent for the server.
func (r *Registration) program() agent {
	if r.Repository.IsGitea() {
		return actRunner{r}
	}
	return official{r}
}

// inEnvironment is the note on a token in a variable.
func inEnvironment(variable string) string {
	return "its token in the environment: " + variable + ", for this one process"
}

// handOver is how a person would give a fresh directory to the runner's user and move it
// into its place.
func (r *Registration) handOver(fresh string) []string {
	old := r.beside(".old")
	return []string{
		"chown -R --no-dereference " + r.User + ": " + fresh,
		"systemctl stop " + r.unit() + " && mv " + r.Dir + " " + old + ", if another release is there",
		"mv " + fresh + " " + r.Dir,
		"move what the new release does not have from " + old + " to " + r.Dir + ", and rm -r " + old,
	}
}
