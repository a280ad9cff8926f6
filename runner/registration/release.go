package registration

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"coldstart/runner/forge"
)

// GitHub's rules about its runner (docs.github.com, "Self-hosted runners reference", under
// runner software updates). They hold for no other program.
const (
	// oldestRelease is the first that GitHub registers.
	oldestRelease = "2.329.0"
	// updateWithin is the time after a newer release, of any kind, in which a runner must be
	// updated. GitHub gives it no jobs after that.
	updateWithin = 30 * 24 * time.Hour
	// deprecatedExit is the exit code of a runner that GitHub gives no jobs for its age. Releases
	// before 2.333.0 exit with 0 instead, as after an ordinary stop.
	deprecatedExit = "7"
)

// ExampleArchive is an archive's name in examples.
const ExampleArchive = "actions-runner-linux-x64-2.338.0.tar.gz"

// releaseIn is a version in a text such as an archive's name or a program's answer.
var releaseIn = regexp.MustCompile(`\d+\.\d+\.\d+`)

// older says whether a release is older than another. It is false if either is unknown.
func older(one, other string) bool {
	if one == "" || other == "" {
		return false
	}
	return slices.Compare(numbers(one), numbers(other)) < 0
}

func numbers(release string) (parts []int) {
	for part := range strings.SplitSeq(release, ".") {
		number, _ := strconv.Atoi(part) // a release consists of digits
		parts = append(parts, number)
	}
	return parts
}

// unregistrable says that the server does not register a release; empty if it does, or if
// the server is GitHub Enterprise Server, which has rules of its own.
func (r *Runner) unregistrable(installed string) string {
	if !older(installed, oldestRelease) || !strings.HasPrefix(r.Repository.API, "https://api.") {
		return ""
	}
	return fmt.Sprintf("release %s of GitHub's runner is too old: GitHub accepts none before %s", installed, oldestRelease)
}

// trouble is what is wrong with a release of GitHub's runner, and whether it gets no jobs
// for that; empty if nothing is known. It asks the server for its schedule, or else for its
// newest release; server may be nil. built may be zero.
func (s *System) trouble(
	ctx context.Context, r *Runner, server *forge.Client, release string, built time.Time,
) (says string, noJobs bool) {
	if says := r.unregistrable(release); says != "" || release == "" {
		return says, says != ""
	}
	if server == nil {
		return outdated(release, "", built, s.Now()), false
	}
	until, err := server.JobsUntil(ctx, release)
	switch {
	case err != nil:
		return outdated(release, s.offered(ctx, server), built, s.Now()), false
	case until.IsZero():
		return "", false
	case until.Before(s.Now()):
		return fmt.Sprintf("GitHub gives no jobs to release %s of its runner since %s",
			release, until.Format(time.DateOnly)), true
	}
	return fmt.Sprintf("GitHub gives no jobs to release %s of its runner from %s on",
		release, until.Format(time.DateOnly)), false
}

// outdated says that a release must be updated; empty if that is not known. The offered
// release is the server's, if it was asked. Without it the age decides: while a release is
// younger than updateWithin, no newer one can be older than that.
func outdated(installed, offered string, built, now time.Time) string {
	const rule = "GitHub gives no jobs to a runner 30 days after a newer release"
	switch {
	case older(installed, offered):
		return fmt.Sprintf("release %s is outdated, the server offers %s: %s", installed, offered, rule)
	case offered == "" && !built.IsZero() && now.Sub(built) > updateWithin:
		return fmt.Sprintf("release %s was built on %s, %.0f days ago, and whether there is a newer one is not known: %s",
			installed, built.Format(time.DateOnly), now.Sub(built).Hours()/24, rule)
	}
	return ""
}

// built is when GitHub built the release in a directory, by the time of its file; zero if
// that is not known.
func (s *System) built(dir string) time.Time {
	info, err := os.Stat(s.path(dir + "/" + listener))
	if err != nil || info.ModTime().Year() < 2019 { // before the runner's first release
		return time.Time{}
	}
	return info.ModTime().UTC()
}
