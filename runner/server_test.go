package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// Commands that have to do with runners warn of a public repository.
func TestPublicRepository(t *testing.T) {
	clean(t)
	private := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/v3/repos/me/vllm":
			fmt.Fprintf(w, `{"private": %t}`, private)
		default:
			fmt.Fprint(w, `{"total_count": 0, "runners": []}`)
		}
	}))
	defer server.Close()
	t.Setenv("GITHUB_TOKEN", "ghp_x")
	const warning = "me/vllm is public. Its runners run code of strangers"
	for _, private = range []bool{false, true} {
		for _, args := range []string{"status", "doctor --node n1", "register --node n1 --force"} {
			if os.Geteuid() == 0 && strings.HasPrefix(args, "register") {
				continue // it would register this machine
			}
			got := coldstart(t, append(strings.Fields(args), "--repo", "me/vllm", "--api-url", server.URL+"/api/v3")...)
			if warns := strings.Contains(got.out+got.err, warning); warns == private {
				t.Errorf("%s, private %t: exit %d\n%s%s", args, private, got.code, got.out, got.err)
			}
		}
	}
}

// Commands with a token refuse http to another machine. Nothing listens there.
func TestTokensStayOffHTTP(t *testing.T) {
	clean(t)
	t.Setenv("GITHUB_TOKEN", "ghp_x")
	t.Setenv("RUNNER_REGISTRATION_TOKEN", "AREGISTRATION")
	results := t.TempDir()
	if got := coldstart(t, "reproduce", "--figures", "7", "--nodes", "n1", "--out", results); got.code != exitDone {
		t.Fatal(got.err)
	}
	for _, args := range []string{
		"status", "register --node n1 --agent act_runner", "remove --node n1", "comment --pull 7 --from " + results,
	} {
		if os.Geteuid() != 0 && strings.HasPrefix(args, "remove") {
			continue // it asks for root first
		}
		got := coldstart(t, append(strings.Fields(args), "--repo", "me/vllm", "--api-url", "http://gitea.invalid/api/v1")...)
		const want = "http://gitea.invalid/api/v1 is not https: everybody on the way could read the token. " +
			"Give an https address, or accept that with --insecure-http"
		if got.code == exitDone || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit %d\n%s", args, got.code, got.err)
		}
	}
}
