package registration

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"coldstart/runner/forge"
)

// configure registers the program with the server.
func (w *registrar) configure() step {
	return step{
		name: "configure",
		does: fmt.Sprintf("Register it as %s, labelled %s", w.Node.Name, strings.Join(w.now.Labels, ", ")),
		shell: []string{
			fmt.Sprintf("%s %s (authorized by GITHUB_TOKEN), unless a registration token was given",
				w.Repository.TokenMethod(), w.Repository.Endpoint("/registration-token")),
			"cd " + w.Dir,
			Command{As: &Account{Name: w.User}, Args: private(w.program.register())}.String(),
			"  " + w.program.tokenNote(),
		},
		done: func(context.Context) bool { return w.now.has("configure") && w.configured() },
		do:   w.registerProgram,
	}
}

// configured says whether the program still has its credentials. An ephemeral runner after
// its job, or one that the server forgot, has not.
func (w *registrar) configured() bool {
	sure, _ := w.program.files()
	return !slices.ContainsFunc(sure, func(name string) bool { return !w.System.exists(w.Dir + "/" + name) })
}

func (w *registrar) registerProgram(ctx context.Context) error {
	account, err := w.System.Lookup(w.User)
	if err != nil {
		return err
	}
	variable, err := w.program.tokenVariable(ctx, &account)
	if err != nil {
		return err
	}
	token, err := w.registrationToken(ctx)
	if err != nil {
		return err
	}
	if err := w.unconfigure(ctx); err != nil {
		return err
	}
	command := Command{Args: private(w.program.register()), Dir: w.Dir, As: &account}
	if variable == "" {
		command.Args = append(command.Args, "--token", token.Reveal())
	} else {
		command.Env = []string{variable + "=" + token.Reveal()}
	}
	return w.runRegister(ctx, command, token)
}

// registering bounds the register command, which may wait for a server that does not
// answer.
const registering = 3 * time.Minute

// runRegister runs the register command and verifies that it left its files.
func (w *registrar) runRegister(ctx context.Context, c Command, token forge.Token) error {
	ctx, stop := context.WithTimeoutCause(ctx, registering, errors.New("the server did not answer in time"))
	defer stop()
	output, err := w.System.Run(ctx, c)
	err = failed(w.program.register(), token.HideIn(output), err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return fmt.Errorf("%s\nIf the server refuses the token: %s", token.HideIn(err.Error()), w.program.tokenRule())
	case !w.configured():
		return fmt.Errorf("%s succeeded, but left no credentials in %s", w.program.register()[0], w.Dir)
	}
	return nil
}

// private is a command whose files only its user can read, from the first moment on.
func private(args []string) []string {
	return append([]string{"sh", "-c", `umask 077; exec "$@"`, "sh"}, args...)
}

func (w *registrar) registrationToken(ctx context.Context) (forge.Token, error) {
	if !w.RegistrationToken.IsZero() {
		return w.RegistrationToken, nil
	}
	client, err := forge.NewClient(w.System.HTTP, w.Repository, w.Token)
	if err != nil {
		return forge.Token{}, err
	}
	return client.RegistrationToken(ctx)
}

// unconfigure removes what an earlier registration left, finished or not: the program
// refuses to be registered over it. It does not interrupt a running job.
func (w *registrar) unconfigure(ctx context.Context) error {
	if err := w.halt(ctx); err != nil {
		return err
	}
	if err := w.removeCredentials(); err != nil {
		return err
	}
	return w.program.replace(ctx)
}

// removeCredentials removes the files that registering leaves.
func (w *registrar) removeCredentials() error {
	return w.inCredentials(func(dir *os.Root, name string) error {
		if err := dir.Remove(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}
