package hub

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coldstart/runner/environment"
)

// scripted is a client whose Python is a shell script.
func scripted(t *testing.T, script string) *Client {
	t.Helper()
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return &Client{&environment.Installed{Environment: environment.Environment{Interpreter: path, Variables: map[string]string{"HF_HUB_OFFLINE": "1"}}}}
}

func TestAsk(t *testing.T) {
	t.Setenv("HF_TOKEN", "hf_secretOfMine")
	tests := []struct{ name, script, want string }{
		{"two answers, among other lines", `echo a warning >&2; echo '{"repository": "a/b", "files": [{"name": "f", "size": 5}]}'; echo '{"repository": "c/d", "failure": {"kind": "gated"}}'`, ""},
		{"the environment's variable does not hold", `test -z "$HF_HUB_OFFLINE" && echo '{"repository": "a/b"}' && echo '{"repository": "c/d"}'`, ""},
		{"an answer lacks", `echo '{"repository": "a/b"}'`, "the hub's client told of 1 repositories, and was asked about 2"},
		{"a failure of all", `echo '{"failed": {"kind": "offline", "says": "refused"}}'`, "the hub cannot be reached: connect this machine, or name a mirror by HF_ENDPOINT or a proxy by HTTPS_PROXY, and the same command goes on (refused)"},
		{"an unknown failure", `echo '{"failed": {"kind": "other", "says": "odd"}}'`, "the hub's client failed, and the same command goes on (odd)"},
		{"it breaks", `echo Traceback >&2; echo "hf_secretOfMine is odd" >&2; exit 3`, "the hub's client did not come to its end (exit status 3): Traceback\n    *** is odd"},
		{"it says nothing", `true`, "the hub's client did not come to its end (it said nothing)"},
		{"no JSON of ours", `echo '{"repository": 5}'`, "cannot unmarshal number"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, err := scripted(t, test.script).Ask(t.Context(), []string{"a/b", "c/d"})
			if test.want == "" && (err != nil || len(found) != 2 || found[1].Name != "c/d") || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%+v, error %v, want %q", found, err, test.want)
			}
		})
	}
}

// A file counts as fetched if it has its size; an interrupted client is ended.
func TestFetch(t *testing.T) {
	const done = `echo '{"fetched": 1}'`
	files := []File{{"f", 3}}
	dir := filepath.Join(t.TempDir(), "m")
	r := &Repository{Name: "a/b", Revision: "0"}
	for script, want := range map[string]string{
		`printf abc >"$6/f"; ` + done: "",
		`printf ab >"$6/f"; ` + done:  "a file arrived in part: the same command goes on",
		`rm -f "$6/f"; ` + done:       "no such file",
	} {
		err := scripted(t, script).Fetch(t.Context(), r, files, dir)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error %v, want %q", script, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := scripted(t, "sleep 60").Fetch(ctx, r, files, dir); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("interrupted: %v", err)
	}
}
