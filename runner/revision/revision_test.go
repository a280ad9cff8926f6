package revision

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/runner/revision/repotest"
)

// repository is one of two branches: main has the commits first and second, change has first
// and third, and is checked out.
func repository(t *testing.T) (r Repository, commits map[string]Commit) {
	t.Helper()
	made, commits := repotest.New(t), map[string]Commit{}
	commit := func(name string) { commits[name] = Commit(made.Commit(map[string]string{"file": name})) }
	commit("first")
	made.Git("checkout", "--quiet", "-b", "change")
	commit("third")
	made.Git("checkout", "--quiet", "main")
	commit("second")
	made.Git("update-ref", "refs/remotes/origin/release", string(commits["second"]))
	made.Git("checkout", "--quiet", "change")
	return Repository{Dir: made.Dir}, commits
}

// The base of a change is where it left its branch, however the branch is named.
func TestMergeBase(t *testing.T) {
	r, commits := repository(t)
	ctx := context.Background()
	for revision, want := range map[string]Commit{
		"main": commits["first"], "release": commits["first"], string(commits["second"]): commits["first"],
		"HEAD~1": commits["first"], "HEAD": commits["third"], string(commits["first"]): commits["first"],
	} {
		if got, err := r.MergeBase(ctx, revision); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", revision, got, err, want)
		}
	}
	for revision, want := range map[string]string{
		"nowhere": `no commit, branch or tag "nowhere"`, "--help": "not a commit, branch or tag",
		"HEAD:file": "no commit, branch or tag", strings.Repeat("0", 40): "no commit, branch or tag",
	} {
		if _, err := r.MergeBase(ctx, revision); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", revision, err, want)
		}
	}
	if _, err := (Repository{Dir: t.TempDir()}).MergeBase(ctx, "main"); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("without a repository: %v", err)
	}
}

func TestFile(t *testing.T) {
	r, commits := repository(t)
	ctx := context.Background()
	if text, err := r.File(ctx, commits["first"], "file"); err != nil || string(text) != "first" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := r.File(ctx, commits["first"], "none"); !errors.Is(err, ErrNoFile) {
		t.Errorf("a file that is not there: %v", err)
	}
	a, err1 := r.Tree(ctx, commits["first"], ".")
	b, err2 := r.Tree(ctx, commits["third"], ".")
	if err := errors.Join(err1, err2); err != nil || a == b {
		t.Errorf("%v; trees %s and %s", err, a, b)
	}
	for _, dir := range []string{"none", "file"} {
		want := "commit " + commits["first"].Short() + " has no directory " + dir + " below the top of the repository"
		if _, err := r.Tree(ctx, commits["first"], dir); err == nil || err.Error() != want {
			t.Errorf("a directory that is not there: %v, want %s", err, want)
		}
	}
	clone := filepath.Join(t.TempDir(), "clone")
	if err := r.CheckOut(ctx, commits["first"], clone); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(clone, "file")); err != nil || string(text) != "first" {
		t.Errorf("%q, %v", text, err)
	}
	if head, err := r.Head(ctx); err != nil || head != commits["third"] {
		t.Errorf("head %s, %v", head, err)
	}
}

// The directory says which repository is meant, whatever git's variables say, as in a hook:
// checking out a clone moves no other repository's HEAD.
func TestVariablesOfGit(t *testing.T) {
	r, commits := repository(t)
	other := repotest.New(t)
	other.Commit(map[string]string{"file": "other"})
	for name, set := range map[string]map[string]string{
		"a hook of the repository": {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": ""},
		"the repository":           {"GIT_DIR": filepath.Join(r.Dir, ".git")},
		"another repository":       {"GIT_DIR": filepath.Join(other.Dir, ".git"), "GIT_WORK_TREE": other.Dir},
		"another's objects":        {"GIT_OBJECT_DIRECTORY": filepath.Join(other.Dir, ".git", "objects")},
	} {
		t.Run(name, func(t *testing.T) {
			for name, value := range set {
				t.Setenv(name, value)
			}
			clone := filepath.Join(t.TempDir(), "clone")
			if err := r.CheckOut(t.Context(), commits["first"], clone); err != nil {
				t.Fatal(err)
			}
			if text, err := os.ReadFile(filepath.Join(clone, "file")); err != nil || string(text) != "first" {
				t.Errorf("the clone has %q, %v", text, err)
			}
			for dir, want := range map[string]string{r.Dir: "ref: refs/heads/change\n", other.Dir: "ref: refs/heads/main\n"} {
				if head, err := os.ReadFile(filepath.Join(dir, ".git", "HEAD")); err != nil || string(head) != want {
					t.Errorf("HEAD of %s is %q, %v, want %q", dir, head, err, want)
				}
			}
		})
	}
}

// The date is that of the commit, in UTC, and of no other object.
func TestDate(t *testing.T) {
	r := repotest.New(t)
	t.Setenv("GIT_COMMITTER_DATE", "2026-03-01T12:00:00+02:00")
	commit := r.Commit(map[string]string{"file": "some"})
	blob := r.Git("rev-parse", "HEAD:file")
	date := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name, dir, commit string
		want              time.Time
	}{
		{"a commit", r.Dir, commit, date},
		{"its first digits", r.Dir, commit[:7], date},
		{"another repository's", r.Dir, strings.Repeat("0", 40), time.Time{}},
		{"a file", r.Dir, blob, time.Time{}},
		{"no repository", t.TempDir(), commit, time.Time{}},
	} {
		if got := (Repository{Dir: test.dir}).Date(context.Background(), test.commit); !got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// A directory is meant from the repository's top, a file from the directory that is given.
func TestBelowTheTop(t *testing.T) {
	made := repotest.New(t)
	c := Commit(made.Commit(map[string]string{"code/a.py": "a", "labs/lab.yaml": "b", "labs/code/a.py": "c"}))
	top, below := Repository{Dir: made.Dir}, Repository{Dir: filepath.Join(made.Dir, "labs")}
	if text, err := below.File(t.Context(), c, "lab.yaml"); err != nil || string(text) != "b" {
		t.Errorf("%q, %v", text, err)
	}
	seen := map[string]bool{}
	for _, dir := range []string{".", "code", "./labs/code/", "labs"} {
		a, err1 := top.Tree(t.Context(), c, dir)
		b, err2 := below.Tree(t.Context(), c, dir)
		if err := errors.Join(err1, err2); err != nil || a != b || seen[a] {
			t.Errorf("%s: %v; trees %s and %s", dir, err, a, b)
		}
		seen[a] = true
	}
}
