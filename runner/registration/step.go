package registration

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// step is one thing that is done to the machine or the forge. Doing it again
// after it was broken off anywhere comes to the same end.
type step struct {
	name  string
	does  string   // a sentence without its full stop
	shell []string // how a person would do it
	// done looks whether there is nothing to do any more.
	done func(context.Context) bool
	do   func(context.Context) error
}

// never is the done of a step that must always be looked at.
func never(context.Context) bool { return false }

// ledger takes note of steps that are done.
type ledger func(step string) error

// perform goes through the steps in order and tells of each. An error names the
// step, and what was done before stays done.
func perform(ctx context.Context, steps []step, note ledger, out io.Writer) error {
	for i, s := range steps {
		if err := ctx.Err(); err != nil {
			return brokenOff(i, steps, err)
		}
		verdict := "unchanged"
		if !s.done(ctx) {
			verdict = "done"
			if err := s.do(ctx); err != nil {
				return brokenOff(i, steps, err)
			}
		}
		if err := note(s.name); err != nil {
			return brokenOff(i, steps, err)
		}
		fmt.Fprintf(out, "%d. %s: %s\n", i+1, s.does, verdict)
	}
	return nil
}

func brokenOff(i int, steps []step, err error) error {
	return fmt.Errorf("step %d of %d (%s): %w\nWhat was done before is kept; the same command goes on from there",
		i+1, len(steps), steps[i].name, err)
}

// recipe is the steps as an administrator would sign them.
func recipe(title string, steps []step) string {
	var b strings.Builder
	b.WriteString(title + "\n")
	for i, s := range steps {
		fmt.Fprintf(&b, "\n%d. %s.\n", i+1, s.does)
		for _, line := range s.shell {
			b.WriteString(strings.TrimRight("       "+line, " ") + "\n")
		}
	}
	return b.String()
}
