package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"coldstart/reports/result"
	"coldstart/runner/lab"
)

// inputs reads the action's inputs strictly: whoever may start the workflow can type
// anything.
type inputs struct {
	gha *githubactions.Action
}

// inputError says what is wrong with an input.
type inputError struct {
	input string
	error
}

func (e *inputError) Unwrap() error { return e.error }

func (in inputs) errorf(input, format string, args ...any) error {
	return &inputError{input, fmt.Errorf("input "+input+": "+format, args...)}
}

// mask keeps secrets out of the log, whoever prints them.
func (in inputs) mask() {
	if token := in.text("token"); token != "" {
		in.gha.AddMask(token)
	}
}

// text is an input as it was typed. action.yml passes it under its name with underscores,
// since a shell drops variables whose names it does not allow.
func (in inputs) text(name string) string {
	return in.gha.GetInput(strings.ReplaceAll(name, "-", "_"))
}

var (
	figuresForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(,[A-Za-z0-9][A-Za-z0-9._-]{0,63})*$`)
	namesForm   = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*(,[A-Za-z0-9][A-Za-z0-9._-]*)*)?$`)
	partsForm   = regexp.MustCompile(`^([A-Za-z0-9._=-]+(,[A-Za-z0-9._=-]+)*)?$`)
	cellForm    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

// figures are those of a plan.
func (in inputs) figures() (string, error) {
	figures := strings.ReplaceAll(in.text("figures"), " ", "")
	if !figuresForm.MatchString(figures) {
		return "", in.errorf("figures", "must be all, rest, or comma-separated numbers or names, not %q", in.text("figures"))
	}
	return figures, nil
}

// nodes are those of a plan; none for those of the matrix.
func (in inputs) nodes() ([]string, error) {
	return in.list("nodes", namesForm, "comma-separated names")
}

// as are the paper's nodes that measured nodes play; none if nothing is to be compared.
func (in inputs) as() ([]string, error) {
	return in.list("as", partsForm, "n1, or comma-separated NODE=n1")
}

// list is a comma-separated input of a form; none if it is empty.
func (in inputs) list(name string, form *regexp.Regexp, want string) ([]string, error) {
	text := strings.ReplaceAll(in.text(name), " ", "")
	switch {
	case !form.MatchString(text):
		return nil, in.errorf(name, "must be %s, not %q", want, in.text(name))
	case text == "":
		return nil, nil
	}
	return strings.Split(text, ","), nil
}

// environment is the one that engine vllm runs in; empty for the node's own.
func (in inputs) environment() (string, error) {
	name := strings.TrimSpace(in.text("environment"))
	if name != "" && !cellForm.MatchString(name) {
		return "", in.errorf("environment", "must be the name of an environment, not %q", name)
	}
	return name, nil
}

// start is what a start of the engine is; the engine alone if the input is empty.
func (in inputs) start() (result.Start, error) {
	start, err := lab.ParseStart(cmp.Or(strings.TrimSpace(in.text("start")), lab.EngineOnly))
	if err != nil {
		return start, in.errorf("start", "%w", err)
	}
	return start, nil
}

// cell is the id of a cell; empty for all.
func (in inputs) cell() (string, error) {
	cell := in.text("cell")
	if cell != "" && !cellForm.MatchString(cell) {
		return "", in.errorf("cell", "must be the id of a cell from the plan's matrix, not %q", cell)
	}
	return cell, nil
}

// count is a whole number from 1 on. It is 0 if the input is empty.
func (in inputs) count(name string, most int) (int, error) {
	text := in.text(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, in.errorf(name, "must be a whole number from 1 to %d, not %q", most, text)
	}
	return n, nil
}

// share is a percentage, as a share; 0 if the input is empty.
func (in inputs) share(name string) (float64, error) {
	text := strings.TrimSpace(in.text(name))
	if text == "" {
		return 0, nil
	}
	share, err := lab.ParsePercent(text, 100)
	if err != nil {
		return 0, in.errorf(name, "%w", err)
	}
	return share, nil
}

// from is the directory that the command reads.
func (in inputs) from() (string, error) {
	from := in.text("from")
	if from == "" {
		return "", in.errorf("from", "must be the directory that the artifacts were downloaded to")
	}
	return from, nil
}

// out is the directory that the command writes, by default below the runner's temporary
// one.
func (in inputs) out(command string) string {
	if out := in.text("out"); out != "" {
		return out
	}
	return filepath.Join(in.gha.Getenv("RUNNER_TEMP"), "coldstart", command)
}

// attempt is which attempt of the run this is, from 1 on.
func (in inputs) attempt() int {
	attempt, err := strconv.Atoi(in.gha.Getenv("GITHUB_RUN_ATTEMPT"))
	if err != nil || attempt < 1 {
		return 1
	}
	return attempt
}

// oneLine makes a message one line: another line could be a workflow command of an
// attacker.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
