package registration

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"coldstart/runner/forge"
)

// actRunner is Gitea's runner.
type actRunner struct{ *Registration }

// actRunnerFile is what the program is called in its directory.
const actRunnerFile = "act_runner"

func (actRunner) kind() string { return "act_runner" }

func (a actRunner) possible() error {
	if a.Agent == "" {
		return errors.New("there is no runner to download from Gitea, and GitHub's does not work with it: " +
			"give Gitea's act_runner with --agent PATH")
	}
	return nil
}

func (a actRunner) recipe(fresh string) (does string, shell []string) {
	from := quoted(cmp.Or(a.Agent, actRunnerFile))
	shell = []string{"install -D -m 755 " + from + " " + fresh + "/" + actRunnerFile, "chmod 750 " + fresh}
	return fmt.Sprintf("Copy act_runner to %s, for %s alone", a.Dir, a.User), append(shell, a.handOver(fresh)...)
}

func (a actRunner) put(_ context.Context, into *os.Root, _ *state) error {
	from, err := os.Open(a.Agent)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := into.OpenFile(actRunnerFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	return runsOn(a.System.Arch, into, actRunnerFile)
}

// update compares the programs.
func (a actRunner) update(_ context.Context, _ *state, _ string) (bool, error) {
	var sums [2]string
	for i, path := range []string{a.Agent, a.System.path(a.Dir + "/" + actRunnerFile)} {
		file, err := os.Open(path)
		if err != nil {
			return true, err
		}
		defer file.Close()
		if sums[i], err = hashOf(file); err != nil {
			return true, err
		}
	}
	return sums[0] != sums[1], nil
}

func (actRunner) version() []string { return []string{"./" + actRunnerFile, "--version"} }

func (actRunner) accepts(context.Context, string, time.Time) error { return nil }

// labels say of each label that its jobs run on the host, where the GPUs are. The program
// has no label by default.
func (a actRunner) labels() []string {
	labels := append([]string{selfHosted}, labelsOf(a.Node)...)
	for i := range labels {
		labels[i] += ":host"
	}
	return labels
}

func (a actRunner) register() []string {
	args := []string{"./" + actRunnerFile, "register", "--no-interactive", "--instance", a.Repository.Web,
		"--name", a.Node.Name, "--labels", strings.Join(a.labels(), ",")}
	if a.Ephemeral {
		args = append(args, "--ephemeral")
	}
	return args
}

func (a actRunner) tokenNote() string {
	note := inEnvironment("GITEA_RUNNER_REGISTRATION_TOKEN")
	if a.TokenInArgv {
		note += "; as an argument, --token, if this release of act_runner has no other way"
	}
	return note
}

func (a actRunner) tokenRule() string {
	return fmt.Sprintf("a registration token is valid until it is reset in the settings of %s, its owner or the server",
		a.Repository)
}

// tokenVariable asks the program: releases before 2026 take the token as an argument only.
func (a actRunner) tokenVariable(ctx context.Context, as *Account) (string, error) {
	args := []string{"./" + actRunnerFile, "register", "--help"}
	help, err := a.System.Run(ctx, Command{Args: args, Dir: a.Dir, As: as})
	if err != nil {
		return "", failed(args, help, err)
	}
	variable := namedVariable.FindString(help)
	if variable == "" && !a.TokenInArgv {
		return "", errors.New("this release of act_runner takes the registration token as an argument only, " +
			"where every user of this machine can read it while it registers: " +
			"take a newer release, or accept that with --token-in-argv")
	}
	return variable, nil
}

var namedVariable = regexp.MustCompile(`\b[A-Z_]*RUNNER_REGISTRATION_TOKEN\b`)

// replace removes a runner of the same name from the server, as GitHub's runner does itself
// with --replace. A release of Gitea that cannot list runners shows the old one as offline.
func (a actRunner) replace(ctx context.Context) error {
	if a.Token.IsZero() {
		return nil
	}
	client, err := forge.NewClient(a.System.HTTP, a.Repository, a.Token)
	if err != nil {
		return err
	}
	namesake, exists, err := client.Runner(ctx, a.Node.Name)
	if err != nil || !exists {
		return nil
	}
	return client.Forget(ctx, namesake.ID)
}

func (actRunner) files() (sure, all []string) { return []string{".runner"}, []string{".runner"} }

func (a actRunner) start() string { return a.Dir + "/" + actRunnerFile + " daemon" }

// jobsEnvironment: without a configuration file, act_runner reads no .env.
func (a actRunner) jobsEnvironment() string {
	return "add lines Environment=NAME=VALUE below [Service] with: sudo systemctl edit " + a.unit()
}

func (actRunner) unitLines() []string { return nil }
