package registration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"coldstart/runner/forge"
)

// agent is the program that waits for jobs, with all in which GitHub's runner
// (official.go) and Gitea's (actrunner.go) differ. It is registered by a command of
// its own, which leaves files with credentials in its directory.
type agent interface {
	// kind is what the state calls it.
	kind() string
	// possible says why the program cannot be had as the options are.
	possible() error
	// recipe is how a person would put the program into a fresh directory and that
	// into its place.
	recipe(fresh string) (does string, shell []string)
	// put puts the program into a fresh directory. The state gets its version.
	put(ctx context.Context, into *os.Root, now *state) error
	// labels are the node's as the program wants them.
	labels() []string
	// register is the command that registers the program, without the token.
	register() []string
	// tokenNote says where that command finds the token.
	tokenNote() string
	// tokenVariable is the environment variable that the command takes the token from;
	// empty if there is none.
	tokenVariable(ctx context.Context, as *Account) (string, error)
	// replace makes room for the runner at the server, where the command does not.
	replace(ctx context.Context) error
	// files are what registering leaves, all secret: those that are there for sure,
	// and those that may be.
	files() (sure, all []string)
	// start is the command that waits for jobs.
	start() string
	// unitLines are what the program needs in its systemd unit.
	unitLines() []string
}

// program is the agent of the server.
func (r *Registration) program() agent {
	if r.Repository.IsGitea() {
		return actRunner{r}
	}
	return official{r}
}

// inEnvironment is a token's note about a variable.
func inEnvironment(variable string) string {
	return "its token in the environment: " + variable + ", for this one process"
}

// handOver is how a person would give a fresh directory to the runner's user, and
// move it into its place.
func (r *Registration) handOver(fresh string) []string {
	return []string{"chown -R --no-dereference " + r.User + ": " + fresh, "mv " + fresh + " " + r.Dir}
}

// registering bounds the register command, which may wait for a server that does
// not answer.
const registering = 3 * time.Minute

// registerCommand is the agent's register command with the token in it. Only its user
// can read the files that it creates, from the first moment on.
func registerCommand(args []string, r *Runner, as *Account, variable string, token forge.Token) Command {
	c := Command{Args: private(args), Dir: r.Dir, As: as}
	if variable == "" {
		c.Args = append(c.Args, "--token", token.Reveal())
	} else {
		c.Env = []string{variable + "=" + token.Reveal()}
	}
	return c
}

// private is a command whose files only its user can read.
func private(args []string) []string {
	return append([]string{"sh", "-c", `umask 077; exec "$@"`, "sh"}, args...)
}

// registered runs the agent's register command and verifies that it left its files.
func (s *System) registered(ctx context.Context, program agent, r *Runner, c Command, token forge.Token) error {
	ctx, stop := context.WithTimeoutCause(ctx, registering, errors.New("the server did not answer in time"))
	defer stop()
	output, err := s.Run(ctx, c)
	err = failed(shown(c.Args), token.HideIn(output), err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return fmt.Errorf("%s\nIf the server refuses the token: one is good for an hour, and for %s alone",
			token.HideIn(err.Error()), r.Repository)
	}
	sure, _ := program.files()
	for _, name := range sure {
		if !s.exists(r.Dir + "/" + name) {
			return fmt.Errorf("%s ended well, but left no %s in %s", shown(c.Args)[0], name, r.Dir)
		}
	}
	return nil
}

// shown is a private command without what makes it private.
func shown(args []string) []string { return args[len(private(nil)):] }
