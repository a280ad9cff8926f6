package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coldstart/reports/phase"
	"coldstart/reports/testkit"
	"coldstart/runner/revision/repotest"
)

// keptHistory is one of ten commits, of which the last four load weights more slowly.
func keptHistory(t *testing.T, name string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	before := replayed(t, "5")
	after := changed(t, before, phase.LoadWeights, 1.5)
	for i := range 10 {
		results := before
		if i >= 6 {
			results = after
		}
		got := coldstart(t, "history", "add", results, "--to", path, "--commit", fmt.Sprintf("%07d", i))
		if got.code != exitDone || !strings.Contains(got.err, "added 1 line; 'coldstart history "+path+"' shows") {
			t.Fatal(got.err)
		}
	}
	return path
}

func TestHistory(t *testing.T) {
	t.Parallel()
	path := keptHistory(t, "history.jsonl")
	shown := onScreen(t, 120, "history", path)
	if shown.code != exitDone || shown.err != "" {
		t.Fatal(shown.err)
	}
	testkit.Golden(t, "runner/testdata/history.txt", shown.out)

	printed := coldstart(t, "history", path, "--json")
	var all struct {
		Series []struct {
			Configuration string
			Records       []json.RawMessage
			Lines         []struct {
				Phase   string
				Changes []struct{ Commit string }
			}
		}
	}
	if err := json.Unmarshal([]byte(printed.out), &all); err != nil || len(all.Series) != 1 || len(all.Series[0].Records) != 10 {
		t.Fatalf("%v: %s", err, printed.out)
	}
	for _, line := range all.Series[0].Lines {
		slower := len(line.Changes) == 1 && line.Changes[0].Commit == "0000006"
		if slower != (line.Phase == "load_weights") {
			t.Errorf("%s has the changes %v", line.Phase, line.Changes)
		}
	}
}

// In a directory, each commit has a file, and the history is the same.
func TestHistoryDirectory(t *testing.T) {
	t.Parallel()
	path := keptHistory(t, "kept")
	files, err := filepath.Glob(filepath.Join(path, "*.jsonl"))
	if err != nil || len(files) != 10 {
		t.Fatalf("%d files (%v)", len(files), err)
	}
	if got := coldstart(t, "history", path); !strings.Contains(got.out, "load_weights has been 50 % slower since commit 0000006") {
		t.Errorf("%s%s", got.out, got.err)
	}
}

// A commit has the date that the repository here knows.
func TestHistoryDates(t *testing.T) {
	out, path := replayed(t, "1"), filepath.Join(t.TempDir(), "history.jsonl")
	r := repotest.New(t)
	t.Setenv("GIT_COMMITTER_DATE", "2020-03-01T12:00:00Z")
	known := r.Commit(nil)
	t.Chdir(r.Dir)
	for _, commit := range []string{known, "0123456789"} {
		if got := coldstart(t, "history", "add", out, "--to", path, "--commit", commit); got.code != exitDone {
			t.Fatal(got.err)
		}
	}
	text, err := os.ReadFile(path)
	if lines := string(text); err != nil || strings.Count(lines, "\n") != 2 ||
		strings.Count(lines, `"committed"`) != 1 || !strings.Contains(lines, `"committed":"2020-03-01T12:00:00Z"`) {
		t.Errorf("%v: %s", err, lines)
	}
}

func TestHistoryMistakes(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), replayed(t, "1")
	failed := t.TempDir()
	testkit.WriteFiles(t, dir, map[string]string{"bad.jsonl": "{\n", "empty.jsonl": ""})
	for _, test := range []struct {
		args string
		code int
		want string
	}{
		{"", exitUsage, "name the history: a file *.jsonl, or a directory of such files"},
		{filepath.Join(dir, "none"), exitFailed, "cannot read the history " + filepath.Join(dir, "none") + ": no such file or directory"},
		{failed, exitFailed, "the directory holds no file named *.jsonl"},
		{filepath.Join(dir, "empty.jsonl"), exitFailed, "empty.jsonl holds no record; 'coldstart history add'"},
		{filepath.Join(dir, "bad.jsonl"), exitFailed, "bad.jsonl:1: not JSON at byte 1: unexpected end of JSON input; the line is left out"},
		{"add " + out + " --commit abcdef0", exitUsage, "history add RESULTS --to FILE|DIR --commit SHA"},
		{"add " + out + " --to " + dir, exitUsage, `--commit: a commit is 7 to 64 hexadecimal digits, not ""`},
		{"add " + out + " --to " + dir + " --commit main", exitUsage, `not "main"`},
		{"add " + failed + " --to " + dir + " --commit abcdef0", exitFailed, "no results found"},
		{"add " + out + " --to " + filepath.Join(dir, "bad.jsonl", "x") + " --commit abcdef0", exitFailed, "not a directory"},
	} {
		got := coldstart(t, append([]string{"history"}, strings.Fields(test.args)...)...)
		if got.code != test.code || !strings.Contains(got.err, test.want) {
			t.Errorf("history %s: exit %d, want %d; %q lacks %q", test.args, got.code, test.code, got.err, test.want)
		}
	}
}

// The picture and the numbers are the same from one time to the next.
func TestHistoryWritesPictureAndNumbers(t *testing.T) {
	t.Parallel()
	path := keptHistory(t, "history.jsonl")
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		if got := coldstart(t, "history", path, "--out", dir); got.code != exitDone {
			t.Fatal(got.err)
		}
	}
	for _, name := range []string{"history.pdf", "history.json"} {
		a, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(filepath.Join(second, name)); string(a) != string(b) {
			t.Errorf("%s differs from one time to the next", name)
		}
	}
}
