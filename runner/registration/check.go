package registration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A Check compares this machine with the node, and gives a sentence for each difference.
type Check func(context.Context) []string

// possible says why this machine or the options do not allow the registration.
func (r *Registration) possible(ctx context.Context) error {
	switch {
	case r.System.OS != "linux":
		return fmt.Errorf("a node runs Linux, but this machine runs %s: register the node on itself; "+
			"--dry-run prints the steps anywhere", r.System.OS)
	case r.System.UID != 0:
		return errors.New("registering a runner takes root, to make a user and a service: " +
			"run it with sudo, or print the steps with --dry-run")
	case !r.NoService && !r.System.hasSystemd():
		return errors.New("this machine was not booted with systemd, which runs the runner: " +
			"give --no-service to register it without, and start the runner yourself")
	case r.Token.IsZero() && r.RegistrationToken.IsZero():
		return errors.New("there is no token: give one that may administer the repository in GITHUB_TOKEN, " +
			"or a registration token in RUNNER_REGISTRATION_TOKEN or with --registration-token-stdin")
	}
	if err := r.program().possible(); err != nil {
		return err
	}
	for _, file := range []string{r.Archive, r.Agent} {
		if file != "" && !isFile(file) {
			return fmt.Errorf("%s is not a file: correct its path", file)
		}
	}
	if !r.Repository.IsGitea() {
		if says, remedy := r.System.MissingLibraries(ctx); says != "" {
			return fmt.Errorf("%s: %s", says, remedy)
		}
	}
	return nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// isTheNode refuses a machine that differs from the node in hardware-matrix.yaml.
func (r *Registration) isTheNode(ctx context.Context) error {
	if r.Check == nil {
		return nil
	}
	differences := r.Check(ctx)
	if len(differences) == 0 {
		return nil
	}
	text := fmt.Sprintf("this machine differs from what hardware-matrix.yaml declares of %s:\n  %s",
		r.Node.Name, strings.Join(differences, "\n  "))
	if !r.Force {
		return errors.New(text + "\nCorrect the file, register the node that this machine is, or give --force")
	}
	fmt.Fprintf(r.Out, "warning: %s\n", text)
	return nil
}
