// Package registration makes a machine the runner of a node, shows the state of all
// runners, and removes them. It comes before the first step of
//
//	hardware-matrix.yaml ──plan──▶ grid of cells ──measure──▶ results ──report──▶ PDFs, table, comment
//
// since a job waits for the runner that has its node's name.
//
// Registering and removing are lists of steps (step.go). A step says what it does in
// words and in shell, knows whether it is done, and does it. A dry run prints the same
// list that is carried out, and that is repeated after an interruption. What was done is
// recorded in a file beside the runner's directory (state.go).
//
//	register.go  the steps of a registration; check.go, libraries.go, idle.go: its conditions
//	remove.go    the steps of a removal; drain.go waits for a running job
//	status.go    nodes beside runners; program.go: the runner on this machine
//	release.go   GitHub's rules about releases of its runner
//	advice.go    the commands that messages name
//	agent.go     the program that is registered: GitHub's runner (official.go) or Gitea's (actrunner.go)
//	fetch.go     the program's archive, by its SHA-256; unpack.go unpacks it
//	unit.go      its systemd unit
//	system.go    the only place that touches the machine
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

// Defaults and places.
const (
	DefaultUser = "coldstart-runner"
	parentDir   = "/opt/coldstart"
	homeDir     = "/var/lib" // of new users; models may be large, and /home may be a network's
	unitDir     = "/etc/systemd/system"
)

// Runner is a node's runner on its machine.
type Runner struct {
	Node       result.Node
	Repository forge.Repository
	Dir        string // of the program, absolute
	User       string // that it runs as
}

// NewRunner is a node's runner, by default in DefaultDir. It refuses a dir or user that
// cannot be used.
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
		return Runner{}, fmt.Errorf("a runner cannot write to %s, or files do not last there: "+
			"give another directory, such as %s", dir, DefaultDir(node.Name))
	case !plainUser.MatchString(user):
		return Runner{}, fmt.Errorf("%q is not a user name; give one such as %s", user, DefaultUser)
	case user == "root":
		return Runner{}, fmt.Errorf("a runner refuses to run jobs as root; give another user, such as %s", DefaultUser)
	}
	return r, nil
}

// DefaultDir is the default directory of a node's runner.
func DefaultDir(node string) string { return parentDir + "/runner-" + node }

// Such names need no quotes in units and shell lines.
var (
	plainPath = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)
	notThere  = regexp.MustCompile(`^/(usr|boot|etc|efi|proc|sys|dev|run|tmp)/`)
	plainUser = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)
)

// unit is the name of the runner's systemd unit.
func (r *Runner) unit() string { return "coldstart-runner-" + r.Node.Name + ".service" }

func (r *Runner) unitFile() string { return path.Join(unitDir, r.unit()) }

// beside is a path next to the runner's directory, where the runner's user cannot
// write and a rename is one step.
func (r *Runner) beside(suffix string) string {
	return path.Join(path.Dir(r.Dir), "."+path.Base(r.Dir)+suffix)
}
