// Package revision reads the two sides of a change from a git repository: the head, which is
// checked out, and the base, where the change left its branch.
//
// It runs git, changes nothing in the repository, and runs no hook.
package revision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"coldstart/runner/process"
)

// Commit is the whole hash of a commit, in hexadecimal digits.
type Commit string

// Short is the hash as people write it.
func (c Commit) Short() string { return string(c[:min(len(c), 12)]) }

var hash = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// ParseCommit reads a whole hash.
func ParseCommit(text string) (Commit, error) {
	if !hash.MatchString(text) {
		return "", fmt.Errorf("%q is not a whole commit hash", text)
	}
	return Commit(text), nil
}

// Repository is the git repository around a directory.
type Repository struct{ Dir string }

// Head is the commit that is checked out.
func (r Repository) Head(ctx context.Context) (Commit, error) { return r.commit(ctx, "HEAD") }

// MergeBase is where the head left the branch of a revision, which is a commit, a branch or a
// tag: the revision itself if the head comes after it.
func (r Repository) MergeBase(ctx context.Context, revision string) (Commit, error) {
	base, err := r.commit(ctx, revision)
	if err != nil {
		return "", err
	}
	text, err := r.git(ctx, "merge-base", string(base), "HEAD")
	if err != nil {
		return "", fmt.Errorf("%s and HEAD have no common commit here (%w): "+
			"check out the whole history, with fetch-depth: 0", base.Short(), err)
	}
	return ParseCommit(text)
}

// commit resolves a revision.
func (r Repository) commit(ctx context.Context, revision string) (Commit, error) {
	if strings.HasPrefix(revision, "-") {
		return "", fmt.Errorf("%q is not a commit, branch or tag", revision)
	}
	for _, name := range []string{revision, "refs/remotes/origin/" + revision} {
		if text, err := r.git(ctx, "rev-parse", "--quiet", "--verify", "--end-of-options", name+"^{commit}"); err == nil {
			return ParseCommit(text)
		}
	}
	if _, err := r.git(ctx, "rev-parse", "--git-dir"); err != nil {
		return "", err
	}
	return "", fmt.Errorf("this repository has no commit, branch or tag %q: "+
		"fetch it first, in a workflow with fetch-depth: 0", revision)
}

// Date is a commit's; zero if the repository does not know it, or there is none.
func (r Repository) Date(ctx context.Context, commit string) time.Time {
	text, err := r.git(ctx, "show", "--no-patch", "--no-show-signature", "--format=%cI",
		"--end-of-options", commit+"^{commit}")
	if err != nil {
		return time.Time{}
	}
	date, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return date.UTC()
}

// File is the text of a file in a commit; ErrNoFile if the commit has none there. The path is
// relative to r.Dir.
func (r Repository) File(ctx context.Context, c Commit, path string) ([]byte, error) {
	name := string(c) + ":./" + path
	if _, err := r.git(ctx, "cat-file", "-e", name); err != nil {
		return nil, fmt.Errorf("commit %s has %w %s", c.Short(), ErrNoFile, path)
	}
	return r.run(ctx, "cat-file", "blob", name)
}

// ErrNoFile says that a commit has no such file.
var ErrNoFile = errors.New("no file")

// Tree is the hash of all files of a directory in a commit. The directory is relative to the
// repository's top, wherever in it r.Dir is.
func (r Repository) Tree(ctx context.Context, c Commit, dir string) (string, error) {
	below := strings.TrimPrefix(path.Clean(dir)+"/", "./")
	text, err := r.git(ctx, "rev-parse", "--quiet", "--verify", "--end-of-options", string(c)+":"+below)
	if err != nil {
		return "", fmt.Errorf("commit %s has no directory %s below the top of the repository", c.Short(), dir)
	}
	return text, nil
}

// CheckOut checks a commit out into a new clone of the whole repository. Submodules are left
// out.
func (r Repository) CheckOut(ctx context.Context, c Commit, clone string) error {
	root, err := r.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	if _, err := r.git(ctx, "clone", "--quiet", "--no-checkout", "--shared", root, clone); err != nil {
		return err
	}
	_, err = Repository{Dir: clone}.git(ctx, "checkout", "--quiet", "--detach", string(c))
	return err
}

// git is a line that git prints.
func (r Repository) git(ctx context.Context, words ...string) (string, error) {
	text, err := r.run(ctx, words...)
	return strings.TrimSpace(string(text)), err
}

// patience is how long a command of git may take.
const patience = 5 * time.Minute

// local are the variables of git that name one repository, or a part of it. Git sets them for
// its hooks. They are those of 'git rev-parse --local-env-vars' without GIT_CONFIG_PARAMETERS
// and GIT_CONFIG_COUNT, which may declare a directory safe.
var local = []string{
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE",
	"GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE",
	"GIT_PREFIX", "GIT_INTERNAL_SUPER_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR",
}

// environ is this process's environment, in which git finds the repository by its directory.
func environ() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(local, name)
	})
}

// run runs git and returns what it prints.
func (r Repository) run(ctx context.Context, words ...string) ([]byte, error) {
	program := process.Program{
		Args: append([]string{"git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"}, words...),
		Env:  environ(), Dir: r.Dir, Limit: patience,
	}
	text, err := program.Output(ctx)
	var failed *exec.ExitError
	if errors.As(err, &failed) && len(failed.Stderr) > 0 {
		return nil, errors.New(strings.Join(strings.Fields(string(failed.Stderr)), " "))
	}
	return text, err
}
