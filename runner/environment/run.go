package environment

import (
	"context"
	"fmt"
	"os"
	"regexp"

	"coldstart/runner/process"
)

// keptLines is how many lines of a command can show why it failed.
const keptLines = 30

// telling are the lines of uv and pip that show how it goes on.
var telling = regexp.MustCompile(`^(Resolved|Prepared|Downloading|Building|Installed|` +
	`Collecting|Installing|Successfully|warning:|WARNING:)`)

// run runs one command to its end. If ctx ends it, all that it started ends too.
func (m *maker) run(ctx context.Context, command []string) error {
	program := process.Program{
		Args:  command,
		Dir:   m.dir, // no project around the caller's directory is meant
		Env:   with(m.environment.Variables),
		Files: []*os.File{m.lock},
	}
	said := &process.Tail{Keep: keptLines, Each: func(line string) {
		if telling.MatchString(line) {
			m.Progress(line)
		}
	}}
	err := program.Run(ctx, said)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted, and nothing was kept: %w; "+
			"the same command makes it from the start, without fetching again what was fetched", ctx.Err())
	case err != nil:
		return explain(command, said.Lines(), err)
	}
	return nil
}
