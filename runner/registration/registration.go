// Package registration makes a machine the runner of a node of the lab, looks
// after it, and takes it away again. It stands before the first step of
//
//	hardware-matrix.yaml ──plan──▶ grid of cells ──measure──▶ results ──report──▶ PDFs, table, comment
//
// since a cell's job waits for the runner that carries its node's name.
//
// Register and Remove are lists of steps (step.go). A step says what it does in
// words and in shell, knows whether it is done already, and does it. The lists
// are what a dry run prints, what is carried out, and what is gone through once
// more after an interruption; there is no second way. What was done is kept in a
// file beside the runner's directory (state.go).
//
//	register.go  the steps of a registration; check.go: what must hold before the first
//	remove.go    the steps that take it back; drain.go waits for a running job
//	status.go    nodes beside runners
//	agent.go     the program that is registered: GitHub's runner (official.go), or Gitea's (actrunner.go)
//	fetch.go     the program's archive, by its SHA-256; unpack.go unpacks it
//	unit.go      its systemd unit
//	system.go    the one place where the machine is touched
//
// Package forge talks to the server.
package registration

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/forge"
)

// Where things are unless the administrator says otherwise.
const (
	DefaultUser = "coldstart-runner"
	parentDir   = "/opt/coldstart"
	homeDir     = "/var/lib" // of users that are made; models may be large, and /home may be a network's
	unitDir     = "/etc/systemd/system"
)

// Runner is a node's runner on its machine.
type Runner struct {
	Node       result.Node
	Repository forge.Repository
	Dir        string // of the program, absolute
	User       string // that it runs as
}

// NewRunner is a node's runner. Without dir it is in the usual place. An error
// says which of the values cannot be used.
func NewRunner(node result.Node, of forge.Repository, dir, user string) (Runner, error) {
	if dir == "" {
		dir = DefaultDir(node.Name)
	}
	r := Runner{Node: node, Repository: of, Dir: path.Clean(dir), User: user}
	switch {
	case !plainPath.MatchString(r.Dir) || strings.Count(r.Dir, "/") < 2:
		return Runner{}, fmt.Errorf("the runner's directory must be an absolute path of letters, digits, "+
			"dots, hyphens and underscores, two levels deep at least, such as %s, not %q", DefaultDir(node.Name), dir)
	case notThere.MatchString(r.Dir):
		return Runner{}, fmt.Errorf("%s is where a runner cannot write, or what is written does not last: "+
			"give another directory, such as %s", dir, DefaultDir(node.Name))
	case !plainUser.MatchString(user):
		return Runner{}, fmt.Errorf("%q is no name of a user; give one such as %s", user, DefaultUser)
	case user == "root":
		return Runner{}, fmt.Errorf("jobs would run as root, which a runner refuses; give a user of its own, such as %s",
			DefaultUser)
	}
	return r, nil
}

// DefaultDir is where a node's runner is unless the administrator says otherwise.
func DefaultDir(node string) string { return parentDir + "/runner-" + node }

// Such names stand in units and shell lines as they are.
var (
	plainPath = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)
	notThere  = regexp.MustCompile(`^/(usr|boot|etc|efi|proc|sys|dev|run|tmp)/`)
	plainUser = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)
)

// unit is the name of the runner's systemd unit.
func (r *Runner) unit() string { return "coldstart-runner-" + r.Node.Name + ".service" }

// unitFile is the path of the runner's systemd unit.
func (r *Runner) unitFile() string { return path.Join(unitDir, r.unit()) }

// beside is a path next to the runner's directory, where the runner's user cannot
// write and a rename is one step.
func (r *Runner) beside(suffix string) string {
	return path.Join(path.Dir(r.Dir), "."+path.Base(r.Dir)+suffix)
}
