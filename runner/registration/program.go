package registration

import (
	"context"
	"os"
	"path"
	"strings"

	"coldstart/reports/result"
	"coldstart/runner/forge"
)

// Program is the program of a node's runner.
type Program struct {
	Version string // empty if unknown
	Trouble string // with the release; empty if none is known
	NoJobs  bool   // because of the trouble
	Remedy  string // for the trouble: a command
}

// Program looks at a node's runner on this machine. A server that is not nil is asked about
// its release.
func (s *System) Program(ctx context.Context, node string, server *forge.Client) (found Program, exists bool) {
	r := Runner{Node: result.Node{Name: node}, Dir: DefaultDir(node)}
	if !s.exists(r.stateFile()) {
		return Program{}, false
	}
	known, _, _ := s.loadState(&r) // empty if this user may not read it
	found.Version = s.version(&r)
	if known.Agent == (actRunner{}).kind() {
		return found, true
	}
	r.Repository = known.repository()
	found.Remedy = r.command("register", r.Repository)
	if s.deprecated(ctx, &r) {
		found.Trouble, found.NoJobs = "the runner stopped: GitHub no longer accepts its release "+found.Version, true
		return found, true
	}
	found.Trouble, found.NoJobs = s.trouble(ctx, &r, server, found.Version, s.built(r.Dir))
	return found, true
}

// version is the release of a runner. One that updated itself has left a link to the new one.
func (s *System) version(r *Runner) string {
	if target, err := os.Readlink(s.path(r.Dir + "/bin")); err == nil {
		if updated := releaseIn.FindString(path.Base(target)); updated != "" {
			return updated
		}
	}
	installed, _, _ := s.loadState(r)
	return installed.Version
}

// deprecated says whether the runner ended because the server refuses its release.
func (s *System) deprecated(ctx context.Context, r *Runner) bool {
	if !s.exists(r.unitFile()) {
		return false
	}
	code, err := s.Run(ctx, Command{Args: []string{"systemctl", "show", "--property=ExecMainStatus", "--value", r.unit()}})
	return err == nil && strings.TrimSpace(code) == deprecatedExit
}

// offered is the newest release that the server has; empty if that is not known.
func (s *System) offered(ctx context.Context, server *forge.Client) string {
	newest, _ := server.Download(ctx, architectures[s.Arch])
	return releaseIn.FindString(newest.Name)
}
