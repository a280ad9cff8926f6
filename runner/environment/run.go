package environment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"coldstart/runner/process"
)

// keptLines is how many lines of a command's output show why it failed.
const keptLines = 30

// telling are the lines of uv and pip that show progress.
var telling = regexp.MustCompile(`^(Resolved|Prepared|Building|Installed|Bytecode compiled|` +
	`Collecting|Installing|Successfully|warning:|WARNING:)`)

// downloaded is uv's line for a large package that has arrived.
var downloaded = regexp.MustCompile(`^ *Downloaded (\S+)$`)

// program is a command about the environment.
func (m *maker) program(command []string) process.Program {
	return process.Program{
		Args:  command,
		Dir:   m.dir, // uv must not find a project around the caller's directory
		Env:   with(m.variables()),
		Files: []*os.File{m.held},
	}
}

// run runs a command to its end.
func (m *maker) run(ctx context.Context, command []string) error {
	program := m.program(command)
	said := &process.Tail{Keep: keptLines, Each: func(line string) {
		if found := downloaded.FindStringSubmatch(line); found != nil {
			m.Progress(m.foresight.arrive(found[1]))
		} else if telling.MatchString(line) {
			m.Progress(line)
		}
	}}
	err := program.Run(ctx, said)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted; nothing was kept but downloads: %w; run the same command again", ctx.Err())
	case err != nil:
		return explain(command, said.Lines(), err)
	}
	return nil
}

// variables are those of the environment, and of building its source.
func (m *maker) variables() map[string]string {
	all := map[string]string{}
	maps.Copy(all, m.environment.Variables)
	maps.Copy(all, m.environment.BuildVariables)
	return all
}

// causes are why commands fail, by the output of uv, pip and the system.
var causes = []struct {
	said   *regexp.Regexp
	remedy string
}{
	{regexp.MustCompile(`(?i)no space left on device|os error 28|disk quota exceeded`),
		"the disk is full: free some space, or choose another directory with --dir (uv's cache takes as much again)"},
	{regexp.MustCompile(`(?i)failed to fetch|error sending request|client error \(connect\)|dns error|` +
		`connection refused|connection reset|name resolution|` +
		`NewConnectionError|ConnectTimeout|Read timed out|max retries exceeded`),
		"cannot reach the package index: connect this machine, or set another index " +
			"(index: in hardware-matrix.yaml, or UV_DEFAULT_INDEX for uv and PIP_INDEX_URL for pip)"},
	{regexp.MustCompile(`(?i)no interpreter found|no download available`),
		"its Python is not on this machine, and uv cannot download it: install that release"},
	{regexp.MustCompile(`(?i)ensurepip is not available|No module named (venv|pip)`),
		"python3 lacks its venv module with pip: install them"},
	{regexp.MustCompile(`(?i)no solution found|no matching distribution|ResolutionImpossible|not find a version`),
		"the package index cannot satisfy its requirements: " +
			"change them under environments: in hardware-matrix.yaml"},
}

// explain says why a command failed, with the last lines of its output.
func explain(command, output []string, err error) error {
	remedy := "a command failed"
	for _, cause := range causes {
		if cause.said.MatchString(strings.Join(output, "\n")) {
			remedy = cause.remedy
			break
		}
	}
	if errors.Is(err, exec.ErrNotFound) {
		remedy = command[0] + " is not installed"
	}
	const words = 3 // enough to recognize the command
	failed := strings.Join(command[:min(words, len(command))], " ")
	lines := strings.Join(append([]string{""}, output...), "\n    ")
	return fmt.Errorf("%s; nothing was kept. '%s' failed (%w):%s", remedy, failed, err, lines)
}
