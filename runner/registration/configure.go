package registration

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

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

// configured says whether the program still has what it was registered with. An
// ephemeral runner that had its job, or one that the server forgot, has not.
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
	command := registerCommand(w.program.register(), &w.Runner, &account, variable, token)
	return w.System.registered(ctx, w.program, &w.Runner, command, token)
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

// unconfigure takes away what an earlier registration left, finished or not: the
// program refuses to be registered over it. A job that runs is not cut off.
func (w *registrar) unconfigure(ctx context.Context) error {
	if !w.Force && w.System.working(&w.Runner) {
		return fmt.Errorf("%s is running a job: try again when it is idle, or cancel the job with --force", w.Node.Name)
	}
	if w.System.exists(w.unitFile()) {
		if err := w.System.run(ctx, "systemctl", "stop", w.unit()); err != nil {
			return err
		}
	}
	if err := w.System.removeCredentials(&w.Runner, w.program); err != nil {
		return err
	}
	return w.program.replace(ctx)
}

// removeCredentials removes the files that registering leaves.
func (s *System) removeCredentials(r *Runner, program agent) error {
	dir, err := os.OpenRoot(s.path(r.Dir))
	if err != nil {
		return err
	}
	defer dir.Close()
	_, all := program.files()
	for _, name := range all {
		if err := dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
