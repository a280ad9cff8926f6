package registration

import (
	"context"
	"fmt"

	"coldstart/runner/forge"
)

// idle refuses to go on while the runner is running a job. It asks the server, too: only
// that knows of act_runner's jobs, and of a job that has just been given.
func (w *registrar) idle(ctx context.Context) error {
	if w.Force || !w.configured() {
		return nil
	}
	busy := w.System.working(&w.Runner)
	switch {
	case busy:
	case !w.Token.IsZero():
		client, err := forge.NewClient(w.System.HTTP, w.Repository, w.Token)
		if err != nil {
			return err
		}
		found, _, err := client.Runner(ctx, w.Node.Name)
		if err != nil {
			return err
		}
		busy = found.Online && found.Busy
	case w.Repository.IsGitea() && len(w.System.processes(&w.Runner)) > 0:
		return fmt.Errorf("only the server knows whether %s is running a job: "+
			"give a token in GITHUB_TOKEN to ask it, or cancel a job with --force", w.Node.Name)
	}
	if busy {
		return fmt.Errorf("%s is running a job: try again when it is idle, or cancel the job with --force", w.Node.Name)
	}
	return nil
}

// halt stops the runner, unless it is running a job. The last step of a registration starts
// it again.
func (w *registrar) halt(ctx context.Context) error {
	if err := w.idle(ctx); err != nil {
		return err
	}
	if w.System.exists(w.unitFile()) {
		if err := w.System.run(ctx, "systemctl", "stop", w.unit()); err != nil {
			return err
		}
	}
	return w.System.endProcesses(ctx, &w.Runner)
}
