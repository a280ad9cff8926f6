package registration

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// step is one change of the machine or the server. It may be repeated after any
// interruption.
type step struct {
	name  string
	does  string                     // a sentence without its full stop
	shell []string                   // how a person would do it
	done  func(context.Context) bool // whether there is nothing to do
	do    func(context.Context) error
}

// never is the done of a step that must always be carried out.
func never(context.Context) bool { return false }

// perform carries out the steps in order, has note record each, and prints a line for each.
// An error names the step.
func perform(ctx context.Context, steps []step, note func(step string) error, out io.Writer) error {
	for i, s := range steps {
		verdict, err := "unchanged", ctx.Err()
		if err == nil && !s.done(ctx) {
			verdict, err = "done", s.do(ctx)
		}
		if err == nil {
			err = note(s.name)
		}
		if err != nil {
			return fmt.Errorf("step %d of %d (%s): %w\nThe steps before are kept; the same command goes on from there",
				i+1, len(steps), s.name, err)
		}
		fmt.Fprintf(out, "%d. %s: %s\n", i+1, s.does, verdict)
	}
	return nil
}

// recipe is the steps in words and shell.
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
