package registration

import (
	"context"
	"fmt"
	"regexp"
	"time"
)

// pause is the time between two checks whether a job has ended.
const pause = 10 * time.Second

// drain waits until no job is running. No server can be told to send no more jobs, so the
// stop that follows cancels a job that comes right then.
func (r *Removal) drain() step {
	s := step{
		name: "drain",
		does: fmt.Sprintf("Wait for a running job to end, %s at most", span(r.Wait)),
		shell: []string{
			"pgrep -f " + r.Dir + "/bin.*/Runner.Worker: a job is running as long as this finds one",
			"GET " + r.Repository.Endpoint("") + " (authorized by GITHUB_TOKEN): or as long as the runner is busy",
		},
		done: never,
		do:   r.waitUntilIdle,
	}
	switch {
	case r.Repository.IsGitea(): // act_runner has no process per job
		s.shell = []string{"GET " + r.Repository.Endpoint("") +
			" (authorized by GITHUB_TOKEN): a job is running as long as the runner is busy"}
	case r.LocalOnly:
		s.shell = s.shell[:1]
	}
	if r.Force {
		s.does, s.shell = "Do not wait: a running job is cancelled", nil
		s.do = func(context.Context) error { return nil }
	}
	return s
}

// span is a duration without trailing zeros: 1h for 1h0m0s.
func span(d time.Duration) string { return zeros.ReplaceAllString(d.String(), "$1") }

var zeros = regexp.MustCompile(`([hm])(0m)?0s$`)

func (r *Removal) waitUntilIdle(ctx context.Context) error {
	for waited := time.Duration(0); ; waited += pause {
		busy, err := r.busy(ctx)
		if err != nil || !busy {
			return err
		}
		if waited >= r.Wait {
			return fmt.Errorf("%s is still running a job after %s: wait longer with --wait, or cancel it with --force",
				r.Node.Name, span(r.Wait))
		}
		if waited == 0 {
			fmt.Fprintf(r.Out, "%s is running a job; waiting for its end\n", r.Node.Name)
		}
		if err := r.System.Wait(ctx, pause); err != nil {
			return err
		}
	}
}

func (r *Removal) busy(ctx context.Context) (bool, error) {
	if r.System.working(&r.Runner) {
		return true, nil
	}
	if r.server == nil {
		return false, nil
	}
	found, _, err := r.find(ctx)
	return found.Online && found.Busy, err
}
