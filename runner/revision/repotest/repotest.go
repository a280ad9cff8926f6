// Package repotest makes git repositories for tests.
package repotest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Repository is a repository in a directory of the test.
type Repository struct {
	Dir string
	t   *testing.T
}

// New is a repository without a commit, on the branch main.
func New(t *testing.T) *Repository {
	t.Helper()
	r := &Repository{t.TempDir(), t}
	r.Git("init", "--quiet", "--initial-branch=main")
	return r
}

// Git runs git in the repository and returns what it prints. Nothing of it goes on in the
// background, where a newer git would still write while the test's directory is removed.
func (r *Repository) Git(words ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{
		"-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false", "-c", "maintenance.auto=false",
	}, words...)...)
	cmd.Dir = r.Dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %q: %v: %s", words, err, out)
	}
	return strings.TrimSpace(string(out))
}

// Commit commits files with texts, by path, and returns the commit's hash.
func (r *Repository) Commit(files map[string]string) string {
	r.t.Helper()
	for path, text := range files {
		path = filepath.Join(r.Dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	r.Git("add", "--all")
	r.Git("commit", "--quiet", "--allow-empty", "--message", "a change")
	return r.Git("rev-parse", "HEAD")
}
