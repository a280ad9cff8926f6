package models

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

// scripted is a hub whose Python is a shell script.
func scripted(t *testing.T, script string) *Hub {
	t.Helper()
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return &Hub{&environment.Installed{Environment: environment.Environment{Interpreter: path, Variables: map[string]string{"HF_HUB_OFFLINE": "1"}}}}
}

func TestHubAsk(t *testing.T) {
	t.Setenv("HF_TOKEN", "hf_secretOfMine")
	tests := []struct{ name, script, want string }{
		{"two answers among other lines", `echo a warning >&2; echo '{"repository": "a/b", "files": [{"name": "f", "size": 5}]}'; echo '{"repository": "c/d", "failure": {"kind": "gated"}}'`, ""},
		{"the environment's variable is overridden", `test -z "$HF_HUB_OFFLINE" && echo '{"repository": "a/b"}' && echo '{"repository": "c/d"}'`, ""},
		{"an answer is missing", `echo '{"repository": "a/b"}'`, "the hub's client answered about 1 of 2 repositories"},
		{"a general failure", `echo '{"failed": {"kind": "offline", "says": "refused"}}'`, "cannot reach the hub: connect this machine, or set HF_ENDPOINT to a mirror or HTTPS_PROXY to a proxy, then run the same command again to continue (refused)"},
		{"an unknown failure", `echo '{"failed": {"kind": "other", "says": "odd"}}'`, "the hub's client failed: run the same command again to continue (odd)"},
		{"the client fails", `echo Traceback >&2; echo "hf_secretOfMine is odd" >&2; exit 3`, "the hub's client failed (exit status 3): Traceback\n    *** is odd"},
		{"no output", `true`, "the hub's client failed (no answer)"},
		{"other JSON", `echo '{"repository": 5}'`, "cannot unmarshal number"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, err := scripted(t, test.script).ask(t.Context(), []string{"a/b", "c/d"})
			if test.want == "" && (err != nil || len(found) != 2 || found[1].Name != "c/d") || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%+v, error %v, want %q", found, err, test.want)
			}
		})
	}
}

// Fetch checks the files' sizes, and ends an interrupted client.
func TestHubFetch(t *testing.T) {
	const done = `echo '{"fetched": 1}'`
	files := []file{{"f", 3}}
	dir := filepath.Join(t.TempDir(), "m")
	r := &repository{Name: "a/b", Revision: "0"}
	for script, want := range map[string]string{
		`printf abc >"$6/f"; ` + done: "",
		`printf ab >"$6/f"; ` + done:  "a file is incomplete: run the same command again to continue",
		`rm -f "$6/f"; ` + done:       "no such file",
	} {
		err := scripted(t, script).fetch(t.Context(), r, files, dir)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: error %v, want %q", script, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := scripted(t, "sleep 60").fetch(ctx, r, files, dir); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("interrupted: %v", err)
	}
}
