package registration

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// configure registers the program with the forge.
func (w *registrar) configure() step {
	args := w.program.register(&w.Runner, w.now.Labels, w.Ephemeral)
	from := "its token in the environment: ACTIONS_RUNNER_INPUT_TOKEN, for this one process"
	if w.Forge.Gitea {
		from = "its token in the environment: GITEA_RUNNER_REGISTRATION_TOKEN, for this one process"
		if w.TokenInArgv {
			from += "; as an argument, --token, if this release of act_runner has no other way"
		}
	}
	method := "POST"
	if w.Forge.Gitea {
		method = "GET"
	}
	return step{
		name: "configure",
		does: fmt.Sprintf("Register it as %s, labelled %s", w.Node.Name, strings.Join(w.now.Labels, ", ")),
		shell: []string{
			fmt.Sprintf("%s %s (authorized by GITHUB_TOKEN), unless a registration token was given", method, w.Forge.endpoint("/registration-token")),
			"cd " + w.Dir,
			Command{As: &Account{Name: w.User}, Args: private(args)}.String(),
			"  " + from,
		},
		done: func(context.Context) bool { return w.now.has("configure") && w.configured() },
		do:   w.registerProgram,
	}
}

// configured says whether the program still has what it was registered with. An
// ephemeral runner that had its job, or one that the forge forgot, has not.
func (w *registrar) configured() bool {
	sure, _ := w.program.files()
	return !slices.ContainsFunc(sure, func(name string) bool { return !w.System.exists(w.Dir + "/" + name) })
}

func (w *registrar) registerProgram(ctx context.Context) error {
	account, err := w.System.Lookup(w.User)
	if err != nil {
		return err
	}
	variable, err := w.program.tokenVariable(ctx, w.System, &w.Runner, &account)
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
	args := w.program.register(&w.Runner, w.now.Labels, w.Ephemeral)
	return w.System.registered(ctx, w.program, &w.Runner, registerCommand(args, &w.Runner, &account, variable, token), token)
}

func (w *registrar) registrationToken(ctx context.Context) (Secret, error) {
	if !w.RegistrationToken.IsZero() {
		return w.RegistrationToken, nil
	}
	api, err := newAPI(w.System.HTTP, w.Forge, w.Token)
	if err != nil {
		return Secret{}, err
	}
	return api.registrationToken(ctx)
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
	if w.Forge.Gitea && !w.Token.IsZero() {
		return w.forgetNamesake(ctx)
	}
	return nil
}

// forgetNamesake does what GitHub's runner does by itself with --replace. A
// release of Gitea that cannot list runners shows an old one as offline.
func (w *registrar) forgetNamesake(ctx context.Context) error {
	api, err := newAPI(w.System.HTTP, w.Forge, w.Token)
	if err != nil {
		return err
	}
	namesake, exists, err := api.runner(ctx, w.Node.Name)
	if err != nil || !exists {
		return nil
	}
	return api.forget(ctx, namesake.ID)
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

// protect sees to it that nobody else reads the credentials.
func (w *registrar) protect() step {
	_, all := w.program.files()
	files := strings.Join(all, " ")
	return step{
		name:  "protect",
		does:  fmt.Sprintf("Keep its credentials for %s alone, such of these as there are", w.User),
		shell: []string{"cd " + w.Dir, "chmod 600 " + files, "chown " + w.User + ": " + files},
		done:  func(context.Context) bool { return w.eachCredential(w.isProtected) == nil },
		do:    func(context.Context) error { return w.eachCredential(w.makeProtected) },
	}
}

// eachCredential goes through the credentials that there are. The directory is a
// job's to write in: os.Root leads nowhere else, whatever was put there.
func (w *registrar) eachCredential(do func(dir *os.Root, name string, info fs.FileInfo, to Account) error) error {
	account, err := w.System.Lookup(w.User)
	if err != nil {
		return err
	}
	dir, err := os.OpenRoot(w.System.path(w.Dir))
	if err != nil {
		return err
	}
	defer dir.Close()
	_, all := w.program.files()
	for _, name := range all {
		info, err := dir.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s/%s is no plain file: remove it, and run this again", w.Dir, name)
		}
		if err := do(dir, name, info, account); err != nil {
			return err
		}
	}
	return nil
}

func (w *registrar) isProtected(_ *os.Root, name string, info fs.FileInfo, to Account) error {
	if info.Mode().Perm() != 0o600 || w.System.Owner(info) != to.UID {
		return fmt.Errorf("%s is readable for others", name)
	}
	return nil
}

func (w *registrar) makeProtected(dir *os.Root, name string, _ fs.FileInfo, to Account) error {
	if err := w.System.Own(dir, name, to); err != nil {
		return err
	}
	return dir.Chmod(name, 0o600)
}
