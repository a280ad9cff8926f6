package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"coldstart/reports/history"
	"coldstart/reports/testkit"
	"coldstart/runner/revision/repotest"
)

const sha = "0123456789abcdef0123456789abcdef01234567"

// reportInto reports an example, and adds it to a history as a commit's.
func reportInto(t *testing.T, path, commit string) step {
	t.Helper()
	return use(t, t.TempDir(), map[string]string{
		"INPUT_COMMAND": "report", "INPUT_FROM": example, "INPUT_HISTORY": path, "GITHUB_SHA": commit,
	})
}

// Every report adds its lines once, and the summary says what has changed since when.
func TestReportKeepsHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept", "history.jsonl")
	first := reportInto(t, path, sha)
	if !first.ok || strings.Contains(first.summary, "## History") {
		t.Fatalf("%s\n%s", first.log, first.summary)
	}
	kept, err := os.ReadFile(path)
	if err != nil || bytes.Count(kept, []byte("\n")) == 0 {
		t.Fatalf("%q, %v", kept, err)
	}
	if again := reportInto(t, path, sha); !again.ok {
		t.Fatal(again.log)
	}
	if same, err := os.ReadFile(path); err != nil || !bytes.Equal(kept, same) {
		t.Errorf("the same results changed the history (%v):\n%s", err, same)
	}

	var record history.Record
	line, _, _ := bytes.Cut(kept, []byte("\n"))
	if err := json.Unmarshal(line, &record); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, stepped(t, record), 0o644); err != nil {
		t.Fatal(err)
	}
	slower := reportInto(t, path, sha)
	if want := "actual_total_time has been 11.1 % slower since commit 0000008 ("; !slower.ok ||
		!strings.Contains(slower.summary, "\n## History\n\n* ") || !strings.Contains(slower.summary, want) {
		t.Errorf("%s: the summary lacks %q:\n%s", slower.log, want, slower.summary)
	}
}

// stepped are the lines of twelve commits before a record: eight whose start-up was a tenth
// faster, and four as slow as the record's.
func stepped(t *testing.T, of history.Record) []byte {
	t.Helper()
	var lines bytes.Buffer
	for i := range 12 {
		record := of
		record.Commit, record.Session = fmt.Sprintf("%07d", i), fmt.Sprint("session", i)
		record.Time = of.Time.AddDate(0, 0, i-12)
		record.Phases, record.Segments = maps.Clone(of.Phases), maps.Clone(of.Segments)
		for _, means := range []map[string]history.Mean{record.Phases, record.Segments} {
			if whole, has := means[of.Whole]; has && i < 8 {
				whole.Seconds *= 0.9
				means[of.Whole] = whole
			}
		}
		if err := json.NewEncoder(&lines).Encode(record); err != nil {
			t.Fatal(err)
		}
	}
	return lines.Bytes()
}

// A commit has the date that the checked-out repository knows.
func TestReportKeepsDate(t *testing.T) {
	from, err := filepath.Abs(example)
	if err != nil {
		t.Fatal(err)
	}
	r := repotest.New(t)
	t.Setenv("GIT_COMMITTER_DATE", "2020-03-01T12:00:00Z")
	known := r.Commit(nil)
	for commit, want := range map[string]bool{known: true, sha: false} {
		path := filepath.Join(t.TempDir(), "history.jsonl")
		t.Chdir(r.Dir)
		got := use(t, t.TempDir(), map[string]string{
			"INPUT_COMMAND": "report", "INPUT_FROM": from, "INPUT_HISTORY": path, "GITHUB_SHA": commit,
		})
		text, err := os.ReadFile(path)
		if err != nil || bytes.Contains(text, []byte(`"committed":"2020-03-01T12:00:00Z"`)) != want || !want && bytes.Contains(text, []byte("committed")) {
			t.Errorf("%s: %v\n%s\n%s", commit, err, got.log, text)
		}
	}
}

// A history that cannot be kept is an annotation, after the report is written.
func TestReportCannotKeepHistory(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	testkit.WriteFiles(t, filepath.Dir(plain), map[string]string{"plain": ""})
	for _, test := range []struct{ path, commit, want string }{
		{filepath.Join(plain, "history"), sha, "::error title=input history::input history: "},
		{filepath.Join(t.TempDir(), "history"), "", "::error title=input history::input history: a commit is 7 to 64 hexadecimal digits"},
	} {
		got := reportInto(t, test.path, test.commit)
		if got.ok || !strings.Contains(got.log, test.want) {
			t.Errorf("log %q lacks %q", got.log, test.want)
		}
		if _, err := os.Stat(got.outputs["report"]); err != nil {
			t.Error(err)
		}
	}
}

// What the workflow to copy does after the reports is done here, with git and a repository: each
// run adds a file to the branch, and a run that is repeated adds nothing.
func TestHistoryWorkflow(t *testing.T) {
	script := keepScript(t)
	dir := t.TempDir()
	git := func(in string, args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", in, "-c", "user.name=a", "-c", "user.email=a@b.c"}, args...)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
		return string(out)
	}
	server, work := filepath.Join(dir, "server"), filepath.Join(dir, "work")
	git(dir, "init", "--quiet", "--bare", "--initial-branch=main", server)
	git(dir, "clone", "--quiet", server, work)
	testkit.WriteFiles(t, work, map[string]string{"code": "some"})
	git(work, "add", "code")
	git(work, "commit", "--quiet", "--message=code")
	git(work, "push", "--quiet", "origin", "HEAD:main")
	for i, run := range []struct {
		commit, reports string
		files           string
	}{
		{"aaaaaaa", "", ""},
		{"aaaaaaa", "line a\n", "history/aaaaaaa.jsonl\n"},
		{"aaaaaaa", "line a\n", "history/aaaaaaa.jsonl\n"},
		{"bbbbbbb", "line b\n", "history/aaaaaaa.jsonl\nhistory/bbbbbbb.jsonl\n"},
	} {
		clone, temp := filepath.Join(dir, fmt.Sprint("clone", i)), filepath.Join(dir, fmt.Sprint("temp", i))
		git(dir, "clone", "--quiet", "--depth=1", "file://"+server, clone)
		files := map[string]string{"reports/coldstart-report-1/report.pdf": "%PDF"}
		if run.reports != "" {
			files["reports/coldstart-report-1/history.jsonl"] = run.reports
		}
		testkit.WriteFiles(t, temp, files)
		cmd := exec.Command("bash", "-e", "-c", script)
		cmd.Dir = clone
		cmd.Env = append(os.Environ(), "RUNNER_TEMP="+temp, "GITHUB_SHA="+run.commit)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("run %d: %v\n%s", i, err, out)
		}
		if run.files == "" {
			continue
		}
		if got := git(server, "ls-tree", "-r", "--name-only", "coldstart-history"); got != run.files {
			t.Errorf("run %d: the branch has %q, want %q", i, got, run.files)
		}
		if got := git(server, "show", "coldstart-history:history/"+run.commit+".jsonl"); got != run.reports {
			t.Errorf("run %d: the file has %q", i, got)
		}
	}
	if got := git(server, "rev-list", "--count", "coldstart-history"); got != "2\n" {
		t.Errorf("the branch has %s commits, want 2", strings.TrimSpace(got))
	}
}

// keepScript is the script of that workflow.
func keepScript(t *testing.T) (script string) {
	t.Helper()
	text, err := os.ReadFile(keeping)
	if err != nil {
		t.Fatal(err)
	}
	var workflow any
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	eachScript(workflow, func(found string) { script += found })
	if script == "" {
		t.Fatal(keeping + " has no script")
	}
	return script
}
