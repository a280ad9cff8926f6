package environment

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
)

// An installError says why a command that installs failed.
type installError struct {
	Command []string
	Output  []string // its last lines
	Remedy  string
	err     error
}

// Unwrap is how the command ended.
func (e *installError) Unwrap() error { return e.err }

func (e *installError) Error() string {
	text := fmt.Sprintf("%s, and nothing was kept; '%s' (%v) said:", e.Remedy, strings.Join(e.short(), " "), e.err)
	for _, line := range e.Output {
		text += "\n    " + line
	}
	return text
}

// short is enough of a command to know it by.
func (e *installError) short() []string {
	const words = 3
	return e.Command[:min(words, len(e.Command))]
}

// causes are why commands fail, by what uv, pip and the system say then.
var causes = []struct {
	said   *regexp.Regexp
	remedy string
}{
	{regexp.MustCompile(`(?i)no space left on device|os error 28|disk quota exceeded`),
		"the disk is full: make room, or choose another place with --dir (the cache of uv takes as much again)"},
	{regexp.MustCompile(`(?i)failed to fetch|error sending request|client error \(connect\)|dns error|` +
		`connection refused|connection reset|name resolution|` +
		`NewConnectionError|ConnectTimeout|Read timed out|max retries exceeded`),
		"the package index cannot be reached: connect this machine to it, or name one that it reaches " +
			"(index: in hardware-matrix.yaml, or UV_DEFAULT_INDEX for uv and PIP_INDEX_URL for pip)"},
	{regexp.MustCompile(`(?i)no interpreter found|no download available`),
		"its Python is not on this machine, and uv cannot download it: install that release"},
	{regexp.MustCompile(`(?i)ensurepip is not available|No module named (venv|pip)`),
		"python3 lacks its venv module with pip: install them"},
	{regexp.MustCompile(`(?i)no solution found|no matching distribution|ResolutionImpossible|not find a version`),
		"its requirements cannot be met together by the package index: " +
			"change them under environments: in hardware-matrix.yaml"},
}

func explain(command, output []string, err error) error {
	e := &installError{Command: command, Output: output, err: err, Remedy: "it could not be made"}
	text := strings.Join(output, "\n")
	for _, cause := range causes {
		if cause.said.MatchString(text) {
			e.Remedy = cause.remedy
			break
		}
	}
	if errors.Is(err, exec.ErrNotFound) {
		e.Remedy = command[0] + " is not installed"
	}
	return e
}
