package registration

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// agent is a program that waits for jobs. It is registered by a command of its
// own, which leaves files with credentials in its directory.
type agent interface {
	// kind is what the state calls it.
	kind() string
	// register is the command that registers it, without the token.
	register(r *Runner, labels []string, ephemeral bool) []string
	// labels are the node's as the agent wants them.
	labels(node []string) []string
	// tokenVariable is the environment variable that the register command takes the
	// token from. It is empty if there is none.
	tokenVariable(ctx context.Context, s *System, r *Runner, as *Account) (string, error)
	// files are what registering leaves, all secret: those that are there for sure,
	// and those that may be.
	files() (sure, all []string)
	// start is the command that waits for jobs.
	start(r *Runner) string
}

// registering bounds the register command, which may wait for a server that does
// not answer.
const registering = 3 * time.Minute

// official is GitHub's runner.
type official struct{}

func (official) kind() string { return "actions/runner" }

// register asks for a runner that takes the place of one with its name: after an
// interruption the forge may know that already.
func (official) register(r *Runner, labels []string, ephemeral bool) []string {
	args := []string{"./config.sh", "--unattended", "--url", r.Forge.url(), "--name", r.Node.Name, "--labels", strings.Join(labels, ","), "--work", "_work", "--replace"}
	if ephemeral {
		args = append(args, "--ephemeral")
	}
	return args
}

func (official) labels(node []string) []string { return node }

// tokenVariable: the runner reads every one of its inputs from a variable of that
// prefix, too, and takes it out of its environment.
func (official) tokenVariable(context.Context, *System, *Runner, *Account) (string, error) {
	return "ACTIONS_RUNNER_INPUT_TOKEN", nil
}

// files: the migrated ones are left by a runner that the forge moved elsewhere.
func (official) files() (sure, all []string) {
	sure = []string{".runner", ".credentials"}
	return sure, append(sure, ".credentials_rsaparams", ".runner_migrated", ".credentials_migrated")
}

func (official) start(r *Runner) string { return r.Dir + "/run.sh" }

// actRunner is Gitea's runner.
type actRunner struct{ inArgv bool }

// actRunnerFile is what the program is called in its directory.
const actRunnerFile = "act_runner"

func (actRunner) kind() string { return "act_runner" }

func (a actRunner) register(r *Runner, labels []string, ephemeral bool) []string {
	args := []string{"./" + actRunnerFile, "register", "--no-interactive", "--instance", r.Forge.Web, "--name", r.Node.Name, "--labels", strings.Join(labels, ",")}
	if ephemeral {
		args = append(args, "--ephemeral")
	}
	return args
}

// labels of act_runner say where their jobs run: on the host, where the GPUs are.
// It has none by itself, and the grid's jobs ask for self-hosted.
func (actRunner) labels(node []string) []string {
	var labels []string
	for _, label := range append([]string{"self-hosted"}, node...) {
		labels = append(labels, label+":host")
	}
	return labels
}

// tokenVariable asks the program: its releases before 2026 take the token as an
// argument alone.
func (a actRunner) tokenVariable(ctx context.Context, s *System, r *Runner, as *Account) (string, error) {
	args := []string{"./" + actRunnerFile, "register", "--help"}
	help, err := s.Run(ctx, Command{Args: args, Dir: r.Dir, As: as})
	if err != nil {
		return "", failed(args, help, err)
	}
	variable := namedVariable.FindString(help)
	if variable == "" && !a.inArgv {
		return "", errors.New("this release of act_runner takes the registration token as an argument only, where every user of this machine can read it while it registers: " +
			"take a newer release, or accept that with --token-in-argv")
	}
	return variable, nil
}

var namedVariable = regexp.MustCompile(`\b[A-Z_]*RUNNER_REGISTRATION_TOKEN\b`)

func (actRunner) files() (sure, all []string) { return []string{".runner"}, []string{".runner"} }

func (actRunner) start(r *Runner) string { return r.Dir + "/" + actRunnerFile + " daemon" }

// registerCommand is the agent's register command with the token in it. What it
// creates is for its user alone from the first moment on.
func registerCommand(args []string, r *Runner, as *Account, variable string, token Secret) Command {
	c := Command{Args: private(args), Dir: r.Dir, As: as}
	if variable == "" {
		c.Args = append(c.Args, "--token", token.value)
	} else {
		c.Env = []string{variable + "=" + token.value}
	}
	return c
}

// private is a command whose files only its user can read.
func private(args []string) []string {
	return append([]string{"sh", "-c", `umask 077; exec "$@"`, "sh"}, args...)
}

// registered runs the agent's register command and sees to it that it worked.
func (s *System) registered(ctx context.Context, program agent, r *Runner, c Command, token Secret) error {
	ctx, stop := context.WithTimeoutCause(ctx, registering, errors.New("the server did not answer in time"))
	defer stop()
	output, err := s.Run(ctx, c)
	err = failed(shown(c.Args), token.hiddenIn(output), err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return fmt.Errorf("%s\nIf the server refuses the token: one is good for an hour, and for %s alone", token.hiddenIn(err.Error()), r.Forge.Name())
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
