package registration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A Check compares this machine with the node that it is to be, and gives a
// sentence for each difference.
type Check func(context.Context) []string

// possible says why this machine, or what was asked for, does not allow it.
func (r *Registration) possible() error {
	switch {
	case r.System.OS != "linux":
		return fmt.Errorf("a node runs Linux, and this machine %s: register it there; --dry-run shows the steps anywhere",
			r.System.OS)
	case r.System.UID != 0:
		return errors.New("registering a runner makes a user and a service, which only root may: " +
			"run it with sudo, or look at the steps with --dry-run")
	case !r.NoService && !r.System.hasSystemd():
		return errors.New("this machine was not booted with systemd, which would run the runner: " +
			"give --no-service to register it without, and start it in a way of your own")
	case r.Token.IsZero() && r.RegistrationToken.IsZero():
		return errors.New("there is no token: give one that may administer the repository in GITHUB_TOKEN, " +
			"or a registration token in RUNNER_REGISTRATION_TOKEN or with --registration-token-stdin")
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

// isTheNode refuses a machine that differs from the node in hardware-matrix.yaml.
func (r *Registration) isTheNode(ctx context.Context) error {
	if r.Check == nil {
		return nil
	}
	differences := r.Check(ctx)
	if len(differences) == 0 {
		return nil
	}
	text := fmt.Sprintf("this machine is not what the lab's file declares of %s:\n  %s",
		r.Node.Name, strings.Join(differences, "\n  "))
	if !r.Force {
		return errors.New(text + "\nCorrect the file, register it as the node that it is, or give --force")
	}
	fmt.Fprintf(r.Out, "warning: %s\n", text)
	return nil
}
